package dev.kite.features.swap;

import java.time.Duration;
import java.util.List;

/** Waits until a feature is well, or for as long as it has for that. Looks every 50 ms while it waits: health checks answer from what is known. */
public final class HealthGate {
    private static final Duration INTERVAL = Duration.ofMillis(50);

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
        List<String> ailments = framework.ailments(feature);
        while (!ailments.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new SwapFailure(
                        "not healthy after " + patience.toSeconds() + " s: " + String.join("; ", ailments));
            }
            Thread.sleep(INTERVAL);
            ailments = framework.ailments(feature);
        }
    }
}
