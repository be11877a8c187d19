package dev.kite.node.pod;

import dev.kite.model.core.v1.Probe;
import dev.kite.node.pod.ProbeResults.Kind;
import dev.kite.node.pod.ProbeResults.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One probe of one container's instance: runs it each period on its own virtual thread until closed. */
final class Prober implements AutoCloseable {
    private final String instance;
    private final Kind kind;
    private final Probe probe;
    private final Instant started;
    private final ProbeResults results;
    private final Listener listener;
    private final Supplier<Checks.Outcome> check;
    private final BooleanSupplier held;
    private final Thread thread;

    /** Is told what probes find. */
    interface Listener {
        /** A probe failed, once. */
        void failed(Kind kind, String message);

        /** The result changed. */
        void changed();
    }

    /**
     * @param started when the instance was started
     * @param check runs the probe once
     * @param held whether the probe has to wait, for the startup probe
     */
    Prober(
            String instance,
            Kind kind,
            Probe probe,
            Instant started,
            ProbeResults results,
            Listener listener,
            Supplier<Checks.Outcome> check,
            BooleanSupplier held) {
        this.instance = instance;
        this.kind = kind;
        this.probe = probe;
        this.started = started;
        this.results = results;
        this.listener = listener;
        this.check = check;
        this.held = held;
        this.thread = Thread.ofVirtual().name("probe-" + kind + "-" + instance).unstarted(this::run);
    }

    void start() {
        if (kind == Kind.READINESS) {
            results.put(instance, kind, Result.FAILURE);
        }
        thread.start();
    }

    private void run() {
        Duration period = Duration.ofSeconds(probe.periodSeconds() > 0 ? probe.periodSeconds() : 10);
        Counter counter = new Counter(
                kind == Kind.STARTUP ? 1 : Math.max(1, probe.successThreshold()),
                probe.failureThreshold() > 0 ? probe.failureThreshold() : 3);
        try {
            Duration delay = Duration.ofSeconds(probe.initialDelaySeconds());
            Duration rest = Duration.between(Instant.now(), started.plus(delay));
            if (rest.isPositive()) {
                Thread.sleep(rest);
            }
            while (!Thread.currentThread().isInterrupted()) {
                if (!held.getAsBoolean() && once(counter) && kind == Kind.STARTUP) {
                    return;
                }
                Thread.sleep(period);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the probe has succeeded often enough. */
    private boolean once(Counter counter) {
        Checks.Outcome outcome = check.get();
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        if (!outcome.success()) {
            listener.failed(kind, outcome.message());
        }
        Result result = counter.count(outcome.success());
        if (result != Result.UNKNOWN && results.put(instance, kind, result)) {
            listener.changed();
        }
        return result == Result.SUCCESS;
    }

    /** Counts outcomes in a row against the thresholds. */
    static final class Counter {
        private final int successes;
        private final int failures;
        private boolean last;
        private int row;

        Counter(int successes, int failures) {
            this.successes = successes;
            this.failures = failures;
        }

        /** The result that follows, UNKNOWN while no threshold is reached. */
        Result count(boolean success) {
            row = row > 0 && success == last ? row + 1 : 1;
            last = success;
            if (success) {
                return row >= successes ? Result.SUCCESS : Result.UNKNOWN;
            }
            return row >= failures ? Result.FAILURE : Result.UNKNOWN;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
