package dev.kite.apiserver.podsecurity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A pod's containers of every sort, and words about some of them. Stateless. */
final class Containers {
    private Containers() {}

    static List<ObjectNode> all(ObjectNode spec) {
        List<ObjectNode> all = new ArrayList<>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            all.addAll(Tree.objects(spec, list));
        }
        return all;
    }

    static List<ObjectNode> where(ObjectNode spec, Predicate<ObjectNode> condition) {
        return all(spec).stream().filter(condition).toList();
    }

    /** {@code container "a"} or {@code containers "a", "b"}. */
    static String name(List<ObjectNode> containers) {
        return (containers.size() == 1 ? "container " : "containers ")
                + quoted(containers.stream()
                        .map(container -> Tree.text(container, "name"))
                        .toList());
    }

    static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList());
    }
}
