package dev.kite.apiserver.validation;

import dev.kite.model.Quantity;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a pod asks for as a whole against what its containers ask for. Stateless. */
final class PodAmounts {
    private PodAmounts() {}

    static void consistent(At spec, At resources) {
        At requests = resources.field("requests");
        At limits = resources.field("limits");
        aggregate(spec, "requests").forEach((name, sum) -> atLeast(requests.key(name), sum, "requests"));
        aggregate(spec, "limits").forEach((name, sum) -> {
            if (ResourceChecks.isHugePages(name)) {
                atLeast(limits.key(name), sum, "limits");
            }
        });
        for (At container : spec.field("containers").items()) {
            String index = container.path().substring(container.path().lastIndexOf('['));
            for (var limit : MetaChecks.sorted(container.field("resources", "limits"))) {
                Optional<Quantity> own = Quantities.parse(limit.getValue());
                Optional<Quantity> pod = Quantities.parse(limits.node().path(limit.getKey()));
                if (own.isPresent() && pod.isPresent() && own.get().compareTo(pod.get()) > 0) {
                    resources
                            .told(resources.path() + ".containers" + index + "[" + limit.getKey() + "].limits")
                            .invalid(own.get().toString(), "must be less than or equal to pod limits of " + pod.get());
                }
            }
        }
    }

    private static void atLeast(At amount, Quantity sum, String what) {
        Optional<Quantity> pod = Quantities.parse(amount.node());
        if (pod.isPresent() && sum.compareTo(pod.get()) > 0) {
            amount.invalid(
                    pod.get().toString(),
                    "must be greater than or equal to aggregate container " + what + " of " + sum);
        }
    }

    /** What containers and sidecars use together, or what one init container uses with the sidecars before it, if that is more. */
    private static Map<String, Quantity> aggregate(At spec, String list) {
        Map<String, Quantity> together = new TreeMap<>();
        for (At container : spec.field("containers").items()) {
            add(together, container.field("resources", list));
        }
        Map<String, Quantity> sidecars = new TreeMap<>();
        Map<String, Quantity> most = new TreeMap<>();
        for (At container : spec.field("initContainers").items()) {
            At amounts = container.field("resources", list);
            if (container.field("restartPolicy").text().equals("Always")) {
                add(together, amounts);
                add(sidecars, amounts);
                sidecars.forEach((name, amount) -> most.merge(name, amount, Quantity::max));
            } else {
                Map<String, Quantity> one = new TreeMap<>(sidecars);
                add(one, amounts);
                one.forEach((name, amount) -> most.merge(name, amount, Quantity::max));
            }
        }
        most.forEach((name, amount) -> together.merge(name, amount, Quantity::max));
        return together;
    }

    private static void add(Map<String, Quantity> sum, At amounts) {
        for (var one : amounts.entries()) {
            Quantities.parse(one.getValue()).ifPresent(amount -> sum.merge(one.getKey(), amount, Quantity::add));
        }
    }
}
