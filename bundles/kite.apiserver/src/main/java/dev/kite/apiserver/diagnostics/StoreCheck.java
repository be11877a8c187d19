package dev.kite.apiserver.diagnostics;

import dev.kite.api.health.HealthCheck;
import dev.kite.store.Store;
import dev.kite.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether the datastore answers, under upstream's name. One question is on its way at a time; all who ask meanwhile share it. Thread-safe. */
public final class StoreCheck implements HealthCheck {
    /** kube-apiserver's --etcd-healthcheck-timeout. */
    private static final long PATIENCE_SECONDS = 2;

    private final Store store;
    private final AtomicReference<@Nullable CompletableFuture<Long>> asking = new AtomicReference<>();

    /**
     * That of a store.
     *
     * @param store the store
     */
    public StoreCheck(Store store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public Health check() {
        try {
            question().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return new Health.Healthy();
        } catch (ExecutionException e) {
            return new Health.Unhealthy(String.valueOf(e.getCause()));
        } catch (TimeoutException _) {
            return new Health.Unhealthy("the datastore does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Health.Unhealthy("interrupted");
        }
    }

    private CompletableFuture<Long> question() {
        CompletableFuture<Long> mine = new CompletableFuture<>();
        CompletableFuture<Long> running = asking.compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        Thread.ofVirtual().name("store check").start(() -> {
            try {
                long revision = store.sync();
                asking.set(null);
                mine.complete(revision);
            } catch (StoreException e) {
                asking.set(null);
                mine.completeExceptionally(e);
            }
        });
        return mine;
    }
}
