package dev.kite.controllers.base;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.model.KubernetesObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a controller has done and its informer has not seen yet: until it has, a decision on the informer's state would do it twice. Looked at only by the worker that
 * holds the controller's key; whatever is not seen within five minutes (client-go's time) is forgotten.
 *
 * @param <T> the type of what is created and deleted
 */
public final class Expectations<T extends KubernetesObject> {
    private static final Duration FORGOTTEN = Duration.ofMinutes(5);

    private record Pending(ObjectKey object, String uid, boolean created, Instant since) {}

    private final Informer<T> informer;
    private final Clock clock;
    private final Map<ObjectKey, List<Pending>> pending = new ConcurrentHashMap<>();

    /**
     * Expects nothing yet.
     *
     * @param informer what is waited for
     * @param clock tells the time
     */
    public Expectations(Informer<T> informer, Clock clock) {
        this.informer = informer;
        this.clock = clock;
    }

    /**
     * Notes a creation.
     *
     * @param controller who created
     * @param object what was created
     */
    public void created(ObjectKey controller, T object) {
        add(controller, object, true);
    }

    /**
     * Notes a deletion.
     *
     * @param controller who deleted
     * @param object what was deleted
     */
    public void deleted(ObjectKey controller, T object) {
        add(controller, object, false);
    }

    private void add(ObjectKey controller, T object, boolean created) {
        Pending entry = new Pending(Owners.key(object), object.metadata().uid(), created, clock.instant());
        pending.compute(controller, (_, known) -> {
            // Slow start creates from several threads.
            List<Pending> all = known == null ? new ArrayList<>() : new ArrayList<>(known);
            all.add(entry);
            return all;
        });
    }

    /**
     * Tells whether the informer shows all that a controller did.
     *
     * @param controller who
     * @return whether it may decide
     */
    public boolean satisfied(ObjectKey controller) {
        List<Pending> left = pending.computeIfPresent(controller, (_, known) -> {
            List<Pending> open = known.stream().filter(this::open).toList();
            return open.isEmpty() ? null : open;
        });
        return left == null;
    }

    private boolean open(Pending entry) {
        if (Duration.between(entry.since(), clock.instant()).compareTo(FORGOTTEN) > 0) {
            return false;
        }
        T seen = informer.get(entry.object().namespace(), entry.object().name());
        if (seen == null || !seen.metadata().uid().equals(entry.uid())) {
            return entry.created();
        }
        return !entry.created() && !seen.metadata().hasDeletionTimestamp();
    }

    /**
     * Notes that an object is gone: a creation that nobody will see any more is not waited for.
     *
     * @param controller who may have created it
     * @param object what is gone
     */
    public void gone(ObjectKey controller, T object) {
        pending.computeIfPresent(controller, (_, known) -> {
            List<Pending> open = known.stream()
                    .filter(entry -> !entry.uid().equals(object.metadata().uid()))
                    .toList();
            return open.isEmpty() ? null : open;
        });
    }

    /**
     * Forgets a controller that is gone.
     *
     * @param controller who
     */
    public void forget(ObjectKey controller) {
        pending.remove(controller);
    }
}
