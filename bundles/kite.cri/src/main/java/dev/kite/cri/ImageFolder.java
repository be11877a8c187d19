package dev.kite.cri;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads archives that are put into the images' folder while the runtime runs, once a file has been quiet for 2 s. One thread, {@code image-folder}. */
final class ImageFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final Path folder;
    private final ImageImporter importer;
    private final WatchService watch;
    private final Thread thread;

    ImageFolder(Path folder, ImageImporter importer) throws IOException {
        this.folder = folder;
        this.importer = importer;
        this.watch = folder.getFileSystem().newWatchService();
        folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        this.thread = Thread.ofVirtual().name("image-folder").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = watch.take();
                do {
                    key.pollEvents();
                    key.reset();
                    Thread.sleep(QUIET);
                    key = watch.poll();
                } while (key != null);
                importer.importAll(List.of(folder));
            }
        } catch (IOException e) {
            LOG.warn("Images in {} are no longer followed: {}", folder, e.getMessage());
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("Images in {} are no longer followed", folder);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            watch.close();
        } catch (IOException e) {
            LOG.debug("Watch of {} does not close: {}", folder, e.getMessage());
        }
    }
}
