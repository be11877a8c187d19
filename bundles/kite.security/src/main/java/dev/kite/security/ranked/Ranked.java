package dev.kite.security.ranked;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Services that come and go, highest {@code service.ranking} first, then the older ({@code service.id}), as the framework orders them. Thread-safe.
 *
 * @param <T> the services' type
 */
public final class Ranked<T> {
    private record Place(int ranking, long id) {}

    private final ConcurrentNavigableMap<Place, T> services = new ConcurrentSkipListMap<>(
            Comparator.comparingInt(Place::ranking).reversed().thenComparingLong(Place::id));

    /** None yet. */
    public Ranked() {}

    /**
     * Adds a service.
     *
     * @param service the service
     * @param properties its service properties
     */
    public void add(T service, Map<String, ?> properties) {
        services.put(place(properties), service);
    }

    /**
     * Removes a service.
     *
     * @param properties its service properties
     */
    public void remove(Map<String, ?> properties) {
        services.remove(place(properties));
    }

    /** @return the services in order, as they are now */
    public Collection<T> services() {
        return services.values();
    }

    private static Place place(Map<String, ?> properties) {
        int ranking = properties.get("service.ranking") instanceof Integer value ? value : 0;
        long id = properties.get("service.id") instanceof Long value ? value : 0;
        return new Place(ranking, id);
    }
}
