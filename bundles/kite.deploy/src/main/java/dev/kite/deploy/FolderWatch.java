package dev.kite.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Waits until something changes in a set of folders. One thread. */
final class FolderWatch implements AutoCloseable {
    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE
    };
    /** A file is written in several steps; what comes within this time is one change. */
    private static final long QUIET_MILLIS = 100;

    private final WatchService service;
    private final Map<Path, WatchKey> keys = new HashMap<>();

    FolderWatch(Path folder) throws IOException {
        service = folder.getFileSystem().newWatchService();
    }

    /** Watches these folders and no others. */
    void watch(List<Path> folders) throws IOException {
        keys.entrySet().removeIf(entry -> {
            boolean gone =
                    !folders.contains(entry.getKey()) || !entry.getValue().isValid();
            if (gone) {
                entry.getValue().cancel();
            }
            return gone;
        });
        for (Path folder : folders) {
            if (!keys.containsKey(folder)) {
                keys.put(folder, folder.register(service, KINDS));
            }
        }
    }

    /** Returns after a change and the quiet that follows it, or when the time is over. */
    void await(Duration patience) throws InterruptedException {
        WatchKey key = service.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = System.nanoTime() < deadline ? service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : null;
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
