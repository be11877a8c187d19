package dev.kite.features.swap;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Waits until a feature is well, or for as long as it has for that. Looks every 50 ms while it waits: health checks answer from what is known. */
public final class HealthGate {
    private static final Duration INTERVAL = Duration.ofMillis(50);

    /** A component that takes up a configuration is away for a moment, and so is its health check. */
    private static final int LOOKS = 2;

    private final FrameworkOperations framework;
    private final Duration patience;

    /**
     * Makes a gate.
     *
     * @param framework tells what a feature lacks
     * @param patience how long a feature may take
     */
    public HealthGate(FrameworkOperations framework, Duration patience) {
        this.framework = framework;
        this.patience = patience;
    }

    /**
     * Waits.
     *
     * @param feature the feature
     * @throws SwapFailure with what it lacks, when its time is over
     * @throws InterruptedException if the thread is interrupted
     */
    void await(RunningFeature feature) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        int well = 0;
        int lasting = 0;
        while (true) {
            List<Ailment> ailments = framework.ailments(feature);
            well = ailments.isEmpty() ? well + 1 : 0;
            lasting = ailments.stream().anyMatch(Ailment::lasting) ? lasting + 1 : 0;
            if (well == LOOKS) {
                return;
            }
            if (lasting == LOOKS) {
                throw new SwapFailure("not healthy: " + words(ailments));
            }
            if (!ailments.isEmpty() && System.nanoTime() > deadline) {
                throw new SwapFailure("not healthy after " + patience.toSeconds() + " s: " + words(ailments));
            }
            Thread.sleep(INTERVAL);
        }
    }

    private static String words(List<Ailment> ailments) {
        return ailments.stream().map(Ailment::text).collect(Collectors.joining("; "));
    }
}
