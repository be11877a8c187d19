package dev.kite.controllers.garbage;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Discovery;
import dev.kite.api.client.Informer;
import dev.kite.controllers.base.Scope;
import dev.kite.model.meta.v1.ObjectMeta;
import dev.kite.model.meta.v1.PartialObjectMetadata;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One metadata informer for each resource whose objects can be deleted; follows discovery as kinds come and go. One thread. */
final class Monitors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Monitors.class);

    /** Events own nothing, are owned by nothing, and are many. */
    private static final Set<String> IGNORED = Set.of("events", "events.events.k8s.io");

    private static final List<String> NEEDED = List.of("delete", "list", "watch");

    /**
     * Is told of each object.
     */
    interface Listener {
        /**
         * Something changed.
         *
         * @param resource the resource
         * @param before its metadata before, or null
         * @param after its metadata now, or null
         */
        void changed(Discovery.Resource resource, @Nullable ObjectMeta before, @Nullable ObjectMeta after);

        /**
         * A kind is no more.
         *
         * @param resource the resource
         */
        void gone(Discovery.Resource resource);
    }

    private final Scope scope;
    private final Listener listener;
    private final Map<Discovery.Resource, Informer<PartialObjectMetadata>> open = new HashMap<>();

    Monitors(Scope scope, Listener listener) {
        this.scope = scope;
        this.listener = listener;
    }

    /** Opens and closes informers as discovery says; a failure leaves all as it is. */
    void follow() {
        Set<Discovery.Resource> wanted = new HashSet<>();
        try {
            for (Discovery.Resource resource : scope.client().discovery().preferred()) {
                String name = resource.plural() + (resource.group().isEmpty() ? "" : "." + resource.group());
                if (resource.verbs().containsAll(NEEDED) && !IGNORED.contains(name)) {
                    wanted.add(resource);
                }
            }
        } catch (ApiException e) {
            LOG.warn("garbage-collector: discovery failed: {}", e.getMessage());
            return;
        }
        for (Discovery.Resource resource : List.copyOf(open.keySet())) {
            if (!wanted.contains(resource)) {
                Informer<PartialObjectMetadata> informer = open.remove(resource);
                if (informer != null) {
                    informer.close();
                }
                listener.gone(resource);
            }
        }
        for (Discovery.Resource resource : wanted) {
            if (!open.containsKey(resource)) {
                Informer<PartialObjectMetadata> informer =
                        scope.metadata(resource.group(), resource.version(), resource.plural());
                open.put(resource, informer);
                informer.onChange((before, after) -> listener.changed(
                        resource, before == null ? null : before.metadata(), after == null ? null : after.metadata()));
            }
        }
    }

    /**
     * Waits until all that is open has synced.
     *
     * @param patience how long for each
     * @return whether all have
     * @throws InterruptedException if the thread is interrupted
     */
    boolean awaitSync(Duration patience) throws InterruptedException {
        boolean all = true;
        for (Informer<PartialObjectMetadata> informer : open.values()) {
            all &= informer.awaitSync(patience);
        }
        return all;
    }

    @Override
    public void close() {
        open.values().forEach(Informer::close);
        open.clear();
    }
}
