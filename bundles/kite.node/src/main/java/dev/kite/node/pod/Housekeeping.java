package dev.kite.node.pod;

import dev.kite.cri.CriException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at logs each 30 s and at images each 5 min. One thread, {@code housekeeping}. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration LOGS = Duration.ofSeconds(30);
    private static final int IMAGES_EACH = 10;

    private final LogRotation logs;
    private final ImageCollection images;
    private final Supplier<Collection<PodView.Instance>> instances;
    private final Thread thread;

    Housekeeping(LogRotation logs, ImageCollection images, Supplier<Collection<PodView.Instance>> instances) {
        this.logs = logs;
        this.images = images;
        this.instances = instances;
        this.thread = Thread.ofVirtual().name("housekeeping").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            for (int round = 1; true; round++) {
                Thread.sleep(LOGS);
                logs.look(instances.get());
                if (round % IMAGES_EACH == 0) {
                    try {
                        images.look();
                    } catch (IOException | CriException e) {
                        LOG.warn("Cannot look at images: {}", e.getMessage());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
