package dev.kite.controllers.base;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Does many equal things in batches of 1, 2, 4, …, so that what cannot work (a quota, a webhook) is found out by one attempt. */
public final class SlowStart {
    /**
     * How it went.
     *
     * @param done how often it worked
     * @param failure the first failure, or null
     */
    public record Outcome(int done, @Nullable Exception failure) {}

    private SlowStart() {}

    /**
     * Does something many times, each batch at once on virtual threads; stops after the first batch that has a failure.
     *
     * @param count how often
     * @param action what; its result is ignored
     * @return how it went
     * @throws InterruptedException if the thread is interrupted
     */
    public static Outcome run(int count, Callable<?> action) throws InterruptedException {
        int done = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int batch = 1; done < count; batch *= 2) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < Math.min(batch, count - done); i++) {
                    running.add(threads.submit(action));
                }
                Exception failure = null;
                for (Future<?> each : running) {
                    try {
                        each.get();
                        done++;
                    } catch (ExecutionException e) {
                        failure = failure == null && e.getCause() instanceof Exception cause ? cause : failure;
                    }
                }
                if (failure != null) {
                    return new Outcome(done, failure);
                }
            }
        }
        return new Outcome(done, null);
    }
}
