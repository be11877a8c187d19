package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** Which container of a pod is meant. Stateless. */
final class PodContainers {
    private PodContainers() {}

    /** The container asked for, or the pod's only one. */
    static String choose(ObjectNode pod, String asked) {
        String name = Tree.text(pod, "metadata", "name");
        List<String> containers = names(pod, "containers");
        List<String> first = names(pod, "initContainers");
        List<String> ephemeral = names(pod, "ephemeralContainers");
        if (!asked.isEmpty()) {
            if (containers.contains(asked) || first.contains(asked) || ephemeral.contains(asked)) {
                return asked;
            }
            throw Errors.badRequest("container " + asked + " is not valid for pod " + name);
        }
        if (containers.size() == 1) {
            return containers.getFirst();
        }
        if (containers.isEmpty()) {
            throw Errors.badRequest("a container name must be specified for pod " + name);
        }
        String message =
                "a container name must be specified for pod " + name + ", choose one of: [" + joined(containers) + "]";
        if (!first.isEmpty()) {
            message += " or one of the init containers: [" + joined(first) + "]";
        }
        throw Errors.badRequest(message);
    }

    private static String joined(List<String> names) {
        return String.join(" ", names);
    }

    private static List<String> names(ObjectNode pod, String list) {
        List<String> names = new ArrayList<>();
        Tree.objects(pod, "spec", list).forEach(container -> names.add(Tree.text(container, "name")));
        return names;
    }
}
