package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.AddressPool;
import dev.kite.apiserver.registry.Metadata;
import dev.kite.apiserver.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ServiceCIDRs: says that they are ready, holds them by a finalizer while Services have addresses that no other one has, and makes the cluster's first one again
 * where it is gone. Thread-safe.
 */
final class Networks {
    private static final Logger LOG = LoggerFactory.getLogger(Networks.class);

    static final Writes.Kind KIND = new Writes.Kind("networking.k8s.io", "servicecidrs");
    static final String DEFAULT = "kubernetes";

    private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    private static final String DEFAULT_CONTROLLER = "kubernetes-service-cidr-controller";

    /** So long other servers may still give addresses of a network that is being deleted. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Writes writes;
    private final Events events;
    private final List<String> cidrs;

    Networks(Writes writes, Events events, List<String> cidrs) {
        this.writes = writes;
        this.events = events;
        this.cidrs = List.copyOf(cidrs);
    }

    /** Looks at a ServiceCIDR; returns when to look again, zero for not until something changes. */
    Duration look(String name) {
        ObjectNode present = writes.find(KIND, "", name);
        if (name.equals(DEFAULT)) {
            present = first(present);
        }
        if (present == null) {
            return Duration.ZERO;
        }
        if (!Tree.text(present, "metadata", "deletionTimestamp").isEmpty()) {
            return deleting(name, present);
        }
        if (!Tree.texts(present, "metadata", "finalizers").contains(FINALIZER)) {
            writes.change(KIND, "", "", name, cidr -> Metadata.finalizer(cidr, FINALIZER, true));
        }
        condition(name, present, "True", "", "Kubernetes Service CIDR is ready");
        return Duration.ZERO;
    }

    /** The cluster's first one is made where it is gone, and gets a second network where the server got one. */
    private @Nullable ObjectNode first(@Nullable ObjectNode present) {
        if (present == null) {
            ObjectNode made = JsonNodeFactory.instance.objectNode();
            made.put("apiVersion", "networking.k8s.io/v1").put("kind", "ServiceCIDR");
            made.putObject("metadata").put("name", DEFAULT);
            var list = made.putObject("spec").putArray("cidrs");
            cidrs.forEach(list::add);
            writes.create(KIND, "", made);
            return writes.find(KIND, "", DEFAULT);
        }
        List<String> has = Tree.texts(present, "spec", "cidrs");
        if (has.equals(cidrs)) {
            return present;
        }
        if (cidrs.size() == 2 && has.size() == 1 && has.getFirst().equals(cidrs.getFirst())) {
            writes.change(
                    KIND,
                    "",
                    "",
                    DEFAULT,
                    cidr -> cidr.withObject("/spec").withArray("cidrs").add(cidrs.getLast()));
            return writes.find(KIND, "", DEFAULT);
        }
        events.warn(
                present,
                "networking.k8s.io/v1",
                "ServiceCIDR",
                new Events.Note(
                        DEFAULT_CONTROLLER,
                        "KubernetesDefaultServiceCIDRInconsistent",
                        "",
                        "The default ServiceCIDR " + listed(has) + " does not match the controller flag configurations "
                                + listed(cidrs)));
        return present;
    }

    private static String listed(List<String> texts) {
        return "[" + String.join(" ", texts) + "]";
    }

    private Duration deleting(String name, ObjectNode present) {
        if (used(name, present)) {
            condition(
                    name,
                    present,
                    "False",
                    "Terminating",
                    "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR");
            return Duration.ZERO;
        }
        Instant free = Instant.parse(Tree.text(present, "metadata", "deletionTimestamp"))
                .plus(GRACE);
        if (free.isAfter(writes.now())) {
            return Duration.between(writes.now(), free).plusMillis(100);
        }
        writes.change(KIND, "", "", name, cidr -> Metadata.finalizer(cidr, FINALIZER, false));
        return Duration.ZERO;
    }

    /** Whether a Service has an address of it that no other ServiceCIDR has. */
    private boolean used(String name, ObjectNode present) {
        List<AddressPool> own = pools(present);
        List<AddressPool> others = new ArrayList<>();
        for (ObjectNode other : writes.list(KIND, "")) {
            if (!Tree.text(other, "metadata", "name").equals(name)) {
                others.addAll(pools(other));
            }
        }
        boolean within = own.stream().allMatch(pool -> others.stream().anyMatch(other -> other.contains(pool)));
        if (within) {
            return false;
        }
        return writes.list(IpAddresses.KIND, "").stream()
                .filter(IpAddresses::isManaged)
                .map(record -> Tree.text(record, "metadata", "name"))
                .anyMatch(address -> own.stream().anyMatch(pool -> pool.contains(address))
                        && others.stream().noneMatch(pool -> pool.contains(address)));
    }

    private static List<AddressPool> pools(ObjectNode cidr) {
        List<AddressPool> pools = new ArrayList<>();
        for (String text : Tree.texts(cidr, "spec", "cidrs")) {
            try {
                pools.add(new AddressPool(text));
            } catch (IllegalArgumentException _) {
                LOG.trace("{} has no address to give, so none is in use", text);
            }
        }
        return pools;
    }

    private void condition(String name, ObjectNode present, String status, String reason, String message) {
        for (ObjectNode there : Tree.objects(present, "status", "conditions")) {
            boolean same = Tree.text(there, "type").equals("Ready")
                    && Tree.text(there, "status").equals(status)
                    && Tree.text(there, "reason").equals(reason);
            if (same) {
                return;
            }
        }
        writes.change(KIND, "status", "", name, cidr -> {
            var conditions = cidr.withObject("/status").withArray("conditions");
            for (int i = conditions.size() - 1; i >= 0; i--) {
                if (Tree.text(conditions.get(i), "type").equals("Ready")) {
                    conditions.remove(i);
                }
            }
            conditions
                    .addObject()
                    .put("type", "Ready")
                    .put("status", status)
                    .put("reason", reason)
                    .put("message", message)
                    .put("lastTransitionTime", Metadata.seconds(writes.now()));
        });
    }
}
