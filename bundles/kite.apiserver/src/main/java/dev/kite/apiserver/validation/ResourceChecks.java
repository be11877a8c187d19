package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.model.Quantity;
import dev.kite.model.validation.Names;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of resources, their amounts, and what containers and pods ask for. Stateless. */
final class ResourceChecks {
    private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> COUNTED = Set.of(
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers");
    private static final Set<String> OF_QUOTAS = Stream.concat(
                    COUNTED.stream(),
                    Stream.of(
                            "cpu",
                            "memory",
                            "ephemeral-storage",
                            "requests.cpu",
                            "requests.memory",
                            "requests.storage",
                            "requests.ephemeral-storage",
                            "limits.cpu",
                            "limits.memory",
                            "limits.ephemeral-storage"))
            .collect(Collectors.toUnmodifiableSet());

    private ResourceChecks() {}

    static boolean isNative(String name) {
        return !name.contains("/") || name.contains("kubernetes.io/");
    }

    static boolean isHugePages(String name) {
        return name.startsWith("hugepages-");
    }

    private static boolean quotaHugePages(String name) {
        return isHugePages(name) || name.startsWith("requests.hugepages-");
    }

    static boolean overcommits(String name) {
        return isNative(name) && !isHugePages(name);
    }

    /** A resource that somebody else than Kubernetes defines. */
    static boolean isExtended(String name) {
        return !isNative(name)
                && !name.startsWith("requests.")
                && Names.qualifiedName("requests." + name).isEmpty();
    }

    private static boolean isStandard(String name) {
        return OF_QUOTAS.contains(name) || name.equals("storage");
    }

    /** A resource's name anywhere. */
    static void name(At at, String name) {
        int before = at.errors().size();
        Names.qualifiedName(name).forEach(m -> at.invalid(name, m));
        if (at.errors().size() == before && !name.contains("/") && !isStandard(name) && !quotaHugePages(name)) {
            at.invalid(name, "must be a standard resource type or fully qualified");
        }
    }

    /** A resource's name in a quota. */
    static void quotaName(At at, String name) {
        name(at, name);
        if (!name.contains("/") && !OF_QUOTAS.contains(name) && !quotaHugePages(name)) {
            at.invalid(name, "must be a standard resource for quota");
        }
    }

    /** A resource's name in a container. */
    static void containerName(At at, String name) {
        name(at, name);
        if (!name.contains("/")) {
            if (!OF_CONTAINERS.contains(name) && !isHugePages(name)) {
                at.invalid(name, "must be a standard resource for containers");
            }
        } else if (!isNative(name) && !isExtended(name)) {
            at.invalid(name, "doesn't follow extended resource name standard");
        }
    }

    private static void podName(At at, String name) {
        int before = at.errors().size();
        name(at, name);
        if (at.errors().size() == before && !Set.of("cpu", "memory").contains(name) && !isHugePages(name)) {
            at.unsupported(JsonNodeFactory.instance.textNode(name), "cpu", "hugepages-", "memory");
        }
    }

    /** An amount: not negative, and whole where things are counted. */
    static void amount(At at, String name) {
        Optional<Quantity> amount = Quantities.parse(at.node());
        if (amount.isEmpty()) {
            return;
        }
        if (amount.get().signum() < 0) {
            at.invalid(amount.get().toString(), At.NEGATIVE);
        }
        boolean counted = COUNTED.contains(name) || isExtended(name);
        if (counted && amount.get().milliValue() % 1000 != 0) {
            at.invalid(amount.get().toString(), "must be an integer");
        }
    }

    /** What a container asks for and may use. */
    static void container(At resources, Set<String> claims) {
        requirements(resources, claims, false);
    }

    /** What a pod as a whole asks for and may use. */
    static void pod(At resources, Set<String> claims) {
        requirements(resources, claims, true);
    }

    private static void requirements(At resources, Set<String> claims, boolean pod) {
        At limits = resources.field("limits");
        At requests = resources.field("requests");
        boolean[] seen = new boolean[2]; // cpu or memory, huge pages
        Consumer<Map.Entry<At, String>> each = one -> {
            if (pod) {
                podName(one.getKey(), one.getValue());
            } else {
                containerName(one.getKey(), one.getValue());
            }
            amount(one.getKey(), one.getValue());
            seen[0] |= one.getValue().equals("cpu") || one.getValue().equals("memory");
            seen[1] |= isHugePages(one.getValue());
        };
        for (Map.Entry<String, JsonNode> limit : MetaChecks.sorted(limits)) {
            At at = limits.key(limit.getKey());
            each.accept(Map.entry(at, limit.getKey()));
            divisible(at, limit.getKey());
        }
        for (Map.Entry<String, JsonNode> request : MetaChecks.sorted(requests)) {
            At at = requests.key(request.getKey());
            each.accept(Map.entry(at, request.getKey()));
            within(requests, limits, request.getKey());
            divisible(at, request.getKey());
        }
        if (!seen[0] && seen[1]) {
            resources.forbidden("HugePages require cpu or memory");
        }
        claims(resources.field("claims"), claims);
    }

    private static void within(At requests, At limits, String name) {
        Optional<Quantity> asked = Quantities.parse(requests.node().path(name));
        Optional<Quantity> allowed = Quantities.parse(limits.node().path(name));
        if (asked.isEmpty()) {
            return;
        }
        if (allowed.isEmpty()) {
            if (!overcommits(name)) {
                limits.required("Limit must be set for non overcommitable resources");
            }
            return;
        }
        int order = asked.get().compareTo(allowed.get());
        if (order != 0 && !overcommits(name)) {
            requests.invalid(asked.get().toString(), "must be equal to " + name + " limit of " + allowed.get());
        } else if (order > 0) {
            requests.invalid(
                    asked.get().toString(), "must be less than or equal to " + name + " limit of " + allowed.get());
        }
    }

    /** Huge pages come whole. */
    private static void divisible(At at, String name) {
        Optional<Quantity> amount = Quantities.parse(at.node());
        if (!isHugePages(name) || amount.isEmpty()) {
            return;
        }
        Optional<Quantity> page =
                Quantities.parse(JsonNodeFactory.instance.textNode(name.substring("hugepages-".length())));
        boolean whole = page.isPresent()
                && page.get().signum() > 0
                && amount.get()
                                .toBigDecimal()
                                .remainder(page.get().toBigDecimal())
                                .compareTo(BigDecimal.ZERO)
                        == 0;
        if (!whole) {
            at.invalid(amount.get().toString(), amount.get() + " is not positive integer multiple of " + name);
        }
    }

    private static void claims(At claims, Set<String> known) {
        Set<String> names = new HashSet<>();
        for (At claim : claims.items()) {
            String name = claim.field("name").text();
            if (name.isEmpty()) {
                claim.required("");
                continue;
            }
            String request = claim.field("request").text();
            String key = request.isEmpty() ? name : name + "/" + request;
            if (names.contains(name)) {
                claim.duplicate(name);
            } else {
                if (!request.isEmpty()) {
                    claim.field("request").each(Names::dnsLabel);
                }
                boolean part = request.isEmpty() && names.stream().anyMatch(other -> other.startsWith(name + "/"));
                if (names.contains(key) || part) {
                    claim.duplicate(key);
                }
                names.add(key);
            }
            if (!known.contains(name)) {
                new At(claim.errors(), claim.path(), claim.field("name").node())
                        .notFound("must be one of the names in pod.spec.resourceClaims"
                                + (known.isEmpty()
                                        ? " which is empty"
                                        : ": " + String.join(", ", new TreeSet<>(known))));
            }
        }
    }
}
