package dev.kite.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The level restricted, beyond baseline: what a hardened pod says. Stateless. */
final class Restricted {
    private static final Set<String> VOLUMES = Set.of(
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "persistentVolumeClaim",
            "projected",
            "secret",
            "image");

    private Restricted() {}

    static void check(Level level, ObjectNode spec, List<Violation> found) {
        // Before 1.25 a pod for Windows was asked for what only Linux has.
        boolean windows = level.since(25) && Tree.text(spec, "os", "name").equals("windows");
        if (level.since(8) && !windows) {
            escalation(spec, found);
        }
        if (level.since(22) && !windows) {
            capabilities(spec, found);
        }
        boolean ownUsers = level.since(35) && spec.path("hostUsers").isBoolean() && !Tree.flag(spec, "hostUsers");
        if (ownUsers) {
            // Baseline lets pods with users of their own have it.
            Baseline.procMount(spec, found);
        }
        volumes(spec, found);
        if (!ownUsers) {
            nonRoot(spec, found);
            if (level.since(23)) {
                rootUser(spec, found);
            }
        }
        if (level.since(19) && !windows) {
            seccomp(spec, found);
        }
    }

    private static void escalation(ObjectNode spec, List<Violation> found) {
        List<ObjectNode> bad = Containers.where(spec, container -> {
            JsonNode allowed = Tree.at(container, "securityContext", "allowPrivilegeEscalation");
            return !allowed.isBoolean() || allowed.booleanValue();
        });
        Baseline.add(
                found,
                "allowPrivilegeEscalation != false",
                false,
                bad,
                "must set securityContext.allowPrivilegeEscalation=false");
    }

    private static void capabilities(ObjectNode spec, List<Violation> found) {
        List<ObjectNode> keeping = Containers.where(
                spec,
                container -> !Tree.texts(container, "securityContext", "capabilities", "drop")
                        .contains("ALL"));
        List<ObjectNode> adding = Containers.where(
                spec,
                container -> Tree.texts(container, "securityContext", "capabilities", "add").stream()
                        .anyMatch(one -> !one.equals("NET_BIND_SERVICE")));
        List<String> details = new ArrayList<>();
        if (!keeping.isEmpty()) {
            details.add(Containers.name(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        if (!adding.isEmpty()) {
            List<String> added = adding.stream()
                    .flatMap(one -> Tree.texts(one, "securityContext", "capabilities", "add").stream())
                    .filter(one -> !one.equals("NET_BIND_SERVICE"))
                    .distinct()
                    .sorted()
                    .toList();
            details.add(Containers.name(adding) + " must not include " + Containers.quoted(added)
                    + " in securityContext.capabilities.add");
        }
        if (!details.isEmpty()) {
            found.add(new Violation("unrestricted capabilities", String.join("; ", details)));
        }
    }

    private static void volumes(ObjectNode spec, List<Violation> found) {
        List<String> parts = new ArrayList<>();
        for (ObjectNode volume : Tree.objects(spec, "volumes")) {
            volume.properties().stream()
                    .map(java.util.Map.Entry::getKey)
                    .filter(field -> !field.equals("name") && !VOLUMES.contains(field))
                    .forEach(field -> parts.add("volume \"" + Tree.text(volume, "name")
                            + "\" uses restricted volume type \"" + field + "\""));
        }
        if (!parts.isEmpty()) {
            found.add(new Violation("restricted volume types", String.join(", ", parts)));
        }
    }

    private static void nonRoot(ObjectNode spec, List<Violation> found) {
        JsonNode pod = Tree.at(spec, "securityContext", "runAsNonRoot");
        List<ObjectNode> explicit = Containers.where(spec, container -> {
            JsonNode own = Tree.at(container, "securityContext", "runAsNonRoot");
            return own.isBoolean() && !own.booleanValue();
        });
        List<ObjectNode> silent = Containers.where(
                spec,
                container ->
                        !Tree.at(container, "securityContext", "runAsNonRoot").isBoolean());
        if (!explicit.isEmpty()) {
            found.add(new Violation(
                    "runAsNonRoot != true",
                    Containers.name(explicit) + " must not set securityContext.runAsNonRoot=false"));
        } else if (!silent.isEmpty() && !(pod.isBoolean() && pod.booleanValue())) {
            found.add(new Violation(
                    "runAsNonRoot != true",
                    "pod or " + Containers.name(silent) + " must set securityContext.runAsNonRoot=true"));
        }
    }

    private static void rootUser(ObjectNode spec, List<Violation> found) {
        List<ObjectNode> roots = Containers.where(spec, Restricted::root);
        Baseline.add(found, "runAsUser=0", root(spec), roots, "must not set runAsUser=0");
    }

    private static boolean root(ObjectNode node) {
        JsonNode user = Tree.at(node, "securityContext", "runAsUser");
        return user.isNumber() && user.longValue() == 0;
    }

    private static void seccomp(ObjectNode spec, List<Violation> found) {
        if (!Tree.text(spec, "securityContext", "seccompProfile", "type").isEmpty()) {
            return; // baseline says whether it is one that may be
        }
        List<ObjectNode> silent = Containers.where(
                spec,
                container -> Tree.text(container, "securityContext", "seccompProfile", "type")
                        .isEmpty());
        if (!silent.isEmpty()) {
            found.add(new Violation(
                    "seccompProfile",
                    "pod or " + Containers.name(silent)
                            + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\""));
        }
    }
}
