package dev.kite.scheduler;

import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodSpec;
import java.util.HashMap;
import java.util.Map;

/**
 * Amounts of resources: cpu in thousandths, all else in whole units, rounded up. Immutable.
 *
 * @param amounts the amounts by resource name
 */
record Requests(Map<String, Long> amounts) {
    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    static final String PODS = "pods";
    static final Requests NONE = new Requests(Map.of());

    /** What a container that requests nothing counts as when nodes are compared, as upstream. */
    private static final long SOME_MILLI_CPU = 100;

    private static final long SOME_MEMORY = 200L * 1024 * 1024;

    Requests {
        amounts = Map.copyOf(amounts);
    }

    static Requests of(Map<String, Quantity> quantities) {
        if (quantities.isEmpty()) {
            return NONE;
        }
        Map<String, Long> amounts = HashMap.newHashMap(quantities.size());
        quantities.forEach(
                (name, quantity) -> amounts.put(name, name.equals(CPU) ? quantity.milliValue() : quantity.value()));
        return new Requests(amounts);
    }

    /**
     * What a pod needs at its most: its containers and sidecars together, or what an init container needs beside the sidecars started before it; its own requests where it has
     * such; and its overhead.
     *
     * @param pod the pod
     * @return what it needs
     */
    static Requests of(Pod pod) {
        return of(pod.spec(), false);
    }

    /**
     * As {@link #of(Pod)}, where containers that request nothing count as something.
     *
     * @param pod the pod
     * @return what it counts as
     */
    static Requests nonZero(Pod pod) {
        return of(pod.spec(), true);
    }

    private static Requests of(PodSpec spec, boolean nonZero) {
        Requests running = NONE;
        for (Container container : spec.containers()) {
            running = running.plus(of(container, nonZero));
        }
        Requests sidecars = NONE;
        Requests starting = NONE;
        for (Container container : spec.initContainers()) {
            Requests own = of(container, nonZero);
            if (container.restartPolicy().equals("Always")) {
                sidecars = sidecars.plus(own);
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(sidecars.plus(own));
            }
        }
        Requests all = running.plus(sidecars).max(starting);
        if (!spec.resources().requests().isEmpty()) {
            Map<String, Long> amounts = new HashMap<>(all.amounts());
            amounts.putAll(of(spec.resources().requests()).amounts());
            all = new Requests(amounts);
        }
        return all.plus(of(spec.overhead()));
    }

    private static Requests of(Container container, boolean nonZero) {
        Requests own = of(container.resources().requests());
        if (!nonZero) {
            return own;
        }
        Map<String, Long> amounts = new HashMap<>(own.amounts());
        amounts.putIfAbsent(CPU, SOME_MILLI_CPU);
        amounts.putIfAbsent(MEMORY, SOME_MEMORY);
        return new Requests(amounts);
    }

    long get(String name) {
        return amounts.getOrDefault(name, 0L);
    }

    Requests plus(Requests other) {
        return merge(other, 1);
    }

    Requests minus(Requests other) {
        return merge(other, -1);
    }

    private Requests merge(Requests other, int sign) {
        if (other.amounts.isEmpty()) {
            return this;
        }
        Map<String, Long> sum = new HashMap<>(amounts);
        other.amounts.forEach((name, amount) -> sum.merge(name, sign * amount, Long::sum));
        return new Requests(sum);
    }

    private Requests max(Requests other) {
        Map<String, Long> most = new HashMap<>(amounts);
        other.amounts.forEach((name, amount) -> most.merge(name, amount, Math::max));
        return new Requests(most);
    }
}
