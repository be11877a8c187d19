package dev.kite.security.settings;

import dev.kite.security.measure.ReloadMetrics;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a configuration file is another, by the kernel's events of its folder (a volume of a ConfigMap changes by a link beside it), and has it taken up. What can't be
 * taken up leaves the old one in force and is logged once. One thread, {@code kite-config-FILE}, ended by {@link #close}.
 */
public final class WatchedFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    /** A file is written in several steps; what comes within this time is one change. */
    private static final long QUIET_MILLIS = 100;
    /** A folder that is never quiet doesn't keep a change from being seen. */
    private static final long LONGEST_MILLIS = 2_000;

    private final Path file;
    private final Taker taker;
    private final WatchService events;
    private final Thread thread;
    private volatile String content;
    private volatile String inForce;
    private volatile Outcomes taken = new Outcomes(0, 0);
    private volatile Outcomes refused = new Outcomes(0, 0);

    /**
     * How often something happened.
     *
     * @param count how often
     * @param last when last, in seconds since 1970
     */
    public record Outcomes(long count, double last) {
        private Outcomes more() {
            return new Outcomes(count + 1, System.currentTimeMillis() / 1e3);
        }
    }

    /** Takes up a file's content. */
    @FunctionalInterface
    public interface Taker {
        /**
         * Takes it up, or leaves all as it was.
         *
         * @param content the file's new content
         * @throws IOException if it can't be taken up, with one line that says why
         */
        void take(String content) throws IOException;
    }

    /**
     * Watches.
     *
     * @param file the file
     * @param content what was read of it and is in force
     * @param taker takes up what comes after
     * @throws IOException if its folder can't be watched
     */
    public WatchedFile(Path file, String content, Taker taker) throws IOException {
        this.file = file.toAbsolutePath();
        this.content = content;
        this.inForce = content;
        this.taker = taker;
        Path folder = this.file.getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        this.events = folder.getFileSystem().newWatchService();
        folder.register(
                events,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        this.thread =
                Thread.ofVirtual().name("kite-config-" + file.getFileName()).start(this::follow);
    }

    private void follow() {
        try {
            while (true) {
                WatchKey key = events.take();
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
                while (key != null) {
                    key.pollEvents();
                    key.reset();
                    key = System.nanoTime() < end ? events.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : null;
                }
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException e) {
            LOG.debug("{} is no longer watched", file);
        }
    }

    /** Takes the file up if it is another than before. */
    public synchronized void look() {
        try {
            if (Files.notExists(file)) {
                // On its way to being another, or gone: what holds goes on holding.
                LOG.debug("{} is not there", file);
                return;
            }
            String now = ConfigNode.read(file);
            if (now.equals(content)) {
                return;
            }
            // Also what can't be taken up is looked at once only.
            content = now;
            taker.take(now);
            inForce = now;
            taken = taken.more();
            LOG.info("{} was reloaded", file);
        } catch (IOException | IllegalArgumentException e) {
            refused = refused.more();
            LOG.warn("{} was changed and not taken up, the old one stays in force: {}", file, e.getMessage());
        }
    }

    /** @return how often changes were taken up */
    public Outcomes taken() {
        return taken;
    }

    /** @return how often changes were not taken up */
    public Outcomes refused() {
        return refused;
    }

    /** @return the hash of the content that is in force */
    public String hash() {
        return ReloadMetrics.hash(inForce);
    }

    @Override
    public void close() throws IOException {
        events.close();
        thread.interrupt();
    }
}
