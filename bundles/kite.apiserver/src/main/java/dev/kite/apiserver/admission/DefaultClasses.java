package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the class that is marked as default: the newest, where several are. Stateless. */
final class DefaultClasses {
    private DefaultClasses() {}

    static @Nullable String marked(List<ObjectNode> classes, String... annotations) {
        return classes.stream()
                .filter(one -> marked(one, annotations))
                .max(Comparator.comparing((ObjectNode one) -> Tree.text(one, "metadata", "creationTimestamp"))
                        .thenComparing(one -> Tree.text(one, "metadata", "name"), Comparator.reverseOrder()))
                .map(one -> Tree.text(one, "metadata", "name"))
                .orElse(null);
    }

    private static boolean marked(ObjectNode one, String... annotations) {
        for (String annotation : annotations) {
            if (Tree.text(one, "metadata", "annotations", annotation).equals("true")) {
                return true;
            }
        }
        return false;
    }
}
