package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where remote servers' OpenAPI v3 documents are. They are asked when somebody asks here, at most once a minute, and hold the answer up by two seconds at most;
 * of what they say only their own group version counts. Thread-safe.
 */
final class RemoteSpecs {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteSpecs.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long WAIT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int LIMIT = 1024 * 1024;
    private static final String ROOT = "/openapi/v3/";

    private record Known(ApiService service, String address, long at) {}

    private final ApiServices services;
    private final Look look;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> asking = new ConcurrentHashMap<>();

    RemoteSpecs(ApiServices services, Look look) {
        this.services = services;
        this.look = look;
    }

    /** The addresses of documents by the names that the index shows them under. */
    Map<String, String> addresses() {
        Map<String, ApiService> remote = services.remote();
        if (remote.isEmpty()) {
            return Map.of();
        }
        List<CompletableFuture<Void>> coming = new ArrayList<>();
        for (ApiService service : remote.values()) {
            Known one = known.get(service.name());
            boolean fresh =
                    one != null && one.service().sameServer(service) && System.nanoTime() - one.at() < FRESH_NANOS;
            if (service.available() && !fresh) {
                coming.add(asking.computeIfAbsent(service.name(), _ -> ask(service)));
            }
        }
        await(coming);
        known.keySet().removeIf(name -> services.named(name) == null);
        Map<String, String> all = new TreeMap<>();
        for (ApiService service : remote.values()) {
            Known one = known.get(service.name());
            if (service.available() && one != null && !one.address().isEmpty()) {
                all.put(service.path().substring(1), one.address());
            }
        }
        return all;
    }

    private static void await(List<CompletableFuture<Void>> coming) {
        long until = System.nanoTime() + WAIT_NANOS;
        for (CompletableFuture<Void> one : coming) {
            try {
                one.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                return; // what isn't there yet is shown to who asks next
            } catch (ExecutionException e) {
                LOG.debug("a remote server's documents are not known", e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private CompletableFuture<Void> ask(ApiService service) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().name("documents of " + service.name()).start(() -> {
            String address = "";
            try {
                address = address(service);
            } catch (IOException | RuntimeException e) {
                LOG.debug("the OpenAPI index of {} is not had", service.name(), e);
            }
            known.put(service.name(), new Known(service, address, System.nanoTime()));
            asking.remove(service.name());
            done.complete(null);
        });
        return done;
    }

    private String address(ApiService service) throws IOException {
        Look.Seen seen = look.get(service, "/openapi/v3", "application/json", "", PATIENCE, LIMIT);
        if (seen.status() != 200) {
            return "";
        }
        JsonNode index = Trees.mapper().readTree(seen.body());
        String name = service.path().substring(1);
        String address = Tree.text(index, "paths", name, "serverRelativeURL");
        // Where else it leads is none of this server's paths.
        return address.startsWith(ROOT + name) && address.length() < 1024 ? address : "";
    }
}
