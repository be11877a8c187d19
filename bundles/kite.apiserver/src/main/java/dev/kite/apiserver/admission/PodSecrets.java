package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Set;

/** Which secrets a pod's parts refer to. Stateless. */
final class PodSecrets {
    private PodSecrets() {}

    /** Whether a pod refers to any secret: in volumes of any kind, environments and pull secrets. */
    static boolean any(ObjectNode pod) {
        if (!Tree.objects(pod, "spec", "imagePullSecrets").isEmpty()) {
            return true;
        }
        for (ObjectNode volume : Tree.objects(pod, "spec", "volumes")) {
            boolean direct = Tree.has(volume, "secret") || refers(volume);
            boolean projected = Tree.objects(volume, "projected", "sources").stream()
                    .anyMatch(source -> Tree.has(source, "secret"));
            if (direct || projected) {
                return true;
            }
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                if (!unlisted(container, Set.of(), "", "").isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Drivers' own references: {@code secretRef}, {@code nodePublishSecretRef} and their like. */
    private static boolean refers(ObjectNode volume) {
        for (var source : Tree.fields(volume)) {
            for (var field : Tree.fields(source.getValue())) {
                if (field.getKey().equals("secretRef")
                        || field.getKey().equals("secretName")
                        || field.getKey().equals("nodePublishSecretRef")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What is wrong with a container that refers to a secret that is not listed, empty if nothing is. */
    static String unlisted(ObjectNode container, Set<String> listed, String sort, String account) {
        String name = Tree.text(container, "name");
        for (ObjectNode variable : Tree.objects(container, "env")) {
            String secret = Tree.text(variable, "valueFrom", "secretKeyRef", "name");
            if (Tree.has(variable, "valueFrom", "secretKeyRef") && !listed.contains(secret)) {
                return sort + " " + name + " with envVar " + Tree.text(variable, "name")
                        + " referencing secret.secretName=\"" + secret + "\"" + refused(account);
            }
        }
        for (ObjectNode from : Tree.objects(container, "envFrom")) {
            String secret = Tree.text(from, "secretRef", "name");
            if (Tree.has(from, "secretRef") && !listed.contains(secret)) {
                return sort + " " + name + " with envFrom referencing secret.secretName=\"" + secret + "\""
                        + refused(account);
            }
        }
        return "";
    }

    private static String refused(String account) {
        return " is not allowed because service account " + account + " does not reference that secret";
    }
}
