package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.openapi.OtherSpec;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What remote servers say of themselves in OpenAPI v2. They are asked when somebody asks here, at most once a minute, and hold the answer up by two seconds at most; who
 * doesn't answer is left out, or shown as last seen while it is available. Thread-safe.
 */
final class RemoteV2 {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteV2.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long WAIT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int LIMIT = 8 * 1024 * 1024;

    private record Known(ApiService service, @Nullable OtherSpec spec, long at) {}

    private final ApiServices services;
    private final Look look;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> asking = new ConcurrentHashMap<>();

    RemoteV2(ApiServices services, Look look) {
        this.services = services;
        this.look = look;
    }

    /** What is known, in order of the APIServices' names. */
    List<OtherSpec> specs() {
        Map<String, ApiService> remote = services.remote();
        if (remote.isEmpty()) {
            known.clear();
            return List.of();
        }
        List<CompletableFuture<Void>> coming = new ArrayList<>();
        for (ApiService service : remote.values()) {
            if (service.available() && !fresh(service)) {
                coming.add(asking.computeIfAbsent(service.name(), _ -> ask(service)));
            }
        }
        await(coming);
        known.keySet().removeIf(name -> services.named(name) == null);
        List<OtherSpec> all = new ArrayList<>();
        remote.values().stream()
                .filter(ApiService::available)
                .map(service -> known.get(service.name()))
                .filter(one -> one != null && one.spec() != null)
                .map(Known::spec)
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .forEach(all::add);
        return all;
    }

    private boolean fresh(ApiService service) {
        Known one = known.get(service.name());
        return one != null && one.service().sameServer(service) && System.nanoTime() - one.at() < FRESH_NANOS;
    }

    private static void await(List<CompletableFuture<Void>> coming) {
        long until = System.nanoTime() + WAIT_NANOS;
        for (CompletableFuture<Void> one : coming) {
            try {
                one.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                return; // what isn't there yet is shown to who asks next
            } catch (ExecutionException e) {
                LOG.debug("a remote server's document is not known", e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private CompletableFuture<Void> ask(ApiService service) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().name("OpenAPI v2 of " + service.name()).start(() -> {
            Known before = known.get(service.name());
            OtherSpec spec = before != null && before.service().sameServer(service) ? before.spec() : null;
            try {
                spec = spec(service);
            } catch (IOException | RuntimeException e) {
                LOG.debug("the OpenAPI v2 document of {} is not had", service.name(), e);
            }
            known.put(service.name(), new Known(service, spec, System.nanoTime()));
            asking.remove(service.name());
            done.complete(null);
        });
        return done;
    }

    private @Nullable OtherSpec spec(ApiService service) throws IOException {
        Look.Seen seen = look.get(service, "/openapi/v2", "application/json", "", PATIENCE, LIMIT);
        if (seen.status() != 200 || !(Trees.mapper().readTree(seen.body()) instanceof ObjectNode document)) {
            return null;
        }
        return OtherSpec.of(service.name(), service.path(), seen.body(), document);
    }
}
