package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.defaults.Creation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.validation.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a pod may change once it is there. Stateless. */
final class PodUpdateChecks {
    private static final String ONLY =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private PodUpdateChecks() {}

    static void update(At pod, At old) {
        At spec = pod.field("spec");
        At oldSpec = old.field("spec");
        At annotations = pod.field("metadata", "annotations");
        if (!spec.same(oldSpec) || !annotations.same(old.field("metadata", "annotations"))) {
            PodChecks.metadataAndSpec(pod);
            PodAnnotations.update(annotations, old.field("metadata", "annotations"));
        }
        for (String list : List.of("containers", "initContainers")) {
            if (spec.field(list).node().size() != oldSpec.field(list).node().size()) {
                spec.field(list).forbidden("pod updates may not add or remove containers");
                return;
            }
        }
        for (String list : List.of("containers", "initContainers")) {
            for (At container : spec.field(list).items()) {
                At image = container.field("image");
                if (image.needed() && !image.text().equals(image.text().strip())) {
                    image.invalid("must not have leading or trailing whitespace");
                }
            }
        }
        deadline(spec.field("activeDeadlineSeconds"), oldSpec.field("activeDeadlineSeconds"));
        tolerations(spec.field("tolerations"), oldSpec.field("tolerations"));
        boolean gated = !oldSpec.field("schedulingGates").empty();
        gates(spec.field("schedulingGates"), oldSpec.field("schedulingGates"));
        if (spec.node() instanceof ObjectNode now && oldSpec.node() instanceof ObjectNode before) {
            List<String> changed = changed(fixed(now, before, gated), before);
            if (!changed.isEmpty()) {
                spec.forbidden(ONLY + "\nchanged: " + String.join(", ", changed));
            }
        }
    }

    /** The new spec with all that may change as it was. */
    private static ObjectNode fixed(ObjectNode now, ObjectNode before, boolean gated) {
        ObjectNode copy = now.deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            if (copy.path(list) instanceof ArrayNode containers) {
                for (int i = 0; i < containers.size(); i++) {
                    if (containers.get(i) instanceof ObjectNode container) {
                        restore(container, before.path(list).path(i), "image");
                    }
                }
            }
        }
        restore(copy, before, "activeDeadlineSeconds");
        restore(copy, before, "tolerations");
        restore(copy, before, "schedulingGates");
        restore(copy, before, "ephemeralContainers");
        if (Tree.number(before, "terminationGracePeriodSeconds") < 0
                && Tree.number(now, "terminationGracePeriodSeconds") == 1) {
            restore(copy, before, "terminationGracePeriodSeconds");
        }
        if (gated) {
            // A pod that waits at a gate may be directed more narrowly.
            restore(copy, before, "nodeSelector");
            restore(copy, before, "affinity");
        }
        return copy;
    }

    private static void restore(ObjectNode into, JsonNode from, String field) {
        JsonNode value = from.path(field);
        if (value.isMissingNode()) {
            into.remove(field);
        } else {
            into.set(field, value);
        }
    }

    private static List<String> changed(ObjectNode now, ObjectNode before) {
        Set<String> names = new HashSet<>();
        now.fieldNames().forEachRemaining(names::add);
        before.fieldNames().forEachRemaining(names::add);
        List<String> found = new ArrayList<>();
        for (String name : names.stream().sorted().toList()) {
            if (!At.equal(now.path(name), before.path(name))) {
                found.add(name);
            }
        }
        return found;
    }

    private static void deadline(At now, At before) {
        if (now.absent()) {
            if (before.present()) {
                now.invalid("must not update from a positive integer to nil value");
            }
            return;
        }
        if (before.present() && now.number() > before.number()) {
            now.invalid("must be less than or equal to previous value");
        }
    }

    private static void tolerations(At now, At before) {
        for (At old : before.items()) {
            boolean kept = now.items().stream().anyMatch(one -> sameButSeconds(one.node(), old.node()));
            if (!kept) {
                now.forbidden("existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static boolean sameButSeconds(JsonNode one, JsonNode other) {
        for (String field : List.of("key", "operator", "value", "effect")) {
            if (!Tree.text(one, field).equals(Tree.text(other, field))) {
                return false;
            }
        }
        return true;
    }

    private static void gates(At now, At before) {
        Set<String> known = new HashSet<>();
        before.items().forEach(g -> known.add(g.field("name").text()));
        for (At gate : now.items()) {
            if (!known.contains(gate.field("name").text())) {
                gate.field("name")
                        .forbidden("only deletion is allowed, but found new scheduling gate '"
                                + gate.field("name").text() + "'");
            }
        }
    }

    /** Ephemeral containers may be added, never changed or taken away. */
    static void ephemeralContainers(At pod, At old) {
        PodChecks.metadataAndSpec(pod);
        At now = pod.field("spec", "ephemeralContainers");
        for (At before : old.field("spec", "ephemeralContainers").items()) {
            String name = before.field("name").text();
            List<At> same = now.items().stream()
                    .filter(one -> one.field("name").text().equals(name))
                    .toList();
            if (same.isEmpty()) {
                now.forbidden("existing ephemeral containers \"" + name + "\" may not be removed");
            } else if (!same.getFirst().same(before)) {
                now.forbidden("existing ephemeral containers \"" + name + "\" may not be changed");
            }
        }
    }

    /** A resize changes what running containers may use, not how well the pod is treated. */
    static void resize(At pod, At old) {
        PodChecks.metadataAndSpec(pod);
        if (pod.node() instanceof ObjectNode now && old.node() instanceof ObjectNode before) {
            if (!Creation.qosClass(now).equals(Creation.qosClass(before))) {
                pod.field("spec")
                        .invalid(Creation.qosClass(now), "Pod QOS Class may not change as a result of resizing");
            }
        }
    }

    static void status(At pod, At old) {
        At nominated = pod.field("status", "nominatedNodeName");
        if (!nominated.empty()) {
            nominated.each(Names::dnsSubdomain);
        }
        if (!pod.field("spec", "nodeName").same(old.field("spec", "nodeName"))) {
            pod.field("spec", "nodeName").forbidden("may not be changed directly");
        }
        At quality = pod.field("status", "qosClass");
        if (!old.field("status", "qosClass").empty() && !quality.empty()) {
            quality.immutable(old.field("status", "qosClass"));
        }
        At addresses = pod.field("status", "podIPs");
        for (At one : addresses.items()) {
            PodChecks.address(one.field("ip"));
        }
    }
}
