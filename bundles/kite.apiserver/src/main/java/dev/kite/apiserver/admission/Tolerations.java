package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** Tolerations that are merged and compared by what they tolerate. Stateless. */
final class Tolerations {
    private Tolerations() {}

    /** Those of two lists without those that others among them make needless. */
    static List<ObjectNode> merge(List<ObjectNode> first, List<ObjectNode> second) {
        List<ObjectNode> all = new ArrayList<>(first);
        all.addAll(second);
        List<ObjectNode> merged = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            ObjectNode one = all.get(i);
            boolean covered = merged.stream().anyMatch(other -> covers(other, one))
                    || all.subList(i + 1, all.size()).stream()
                            .anyMatch(other -> !other.equals(one) && covers(other, one));
            if (!covered) {
                merged.add(one);
            }
        }
        return merged;
    }

    static void set(ObjectNode spec, List<ObjectNode> tolerations) {
        if (!tolerations.isEmpty()) {
            spec.putArray("tolerations").addAll(tolerations);
        }
    }

    /** Whether each of some tolerations is covered by one of those that are allowed. */
    static boolean allowed(List<ObjectNode> tolerations, List<ObjectNode> allowed) {
        return tolerations.stream().allMatch(one -> allowed.stream().anyMatch(other -> covers(other, one)));
    }

    /** Whether a toleration tolerates all that another does. */
    static boolean covers(ObjectNode wide, ObjectNode narrow) {
        if (wide.equals(narrow)) {
            return true;
        }
        String key = Tree.text(wide, "key");
        String operator = Tree.text(wide, "operator");
        if (!key.equals(Tree.text(narrow, "key")) && (!key.isEmpty() || !operator.equals("Exists"))) {
            return false;
        }
        String effect = Tree.text(wide, "effect");
        if (!effect.isEmpty() && !effect.equals(Tree.text(narrow, "effect"))) {
            return false;
        }
        if (effect.equals("NoExecute") && Tree.has(wide, "tolerationSeconds")) {
            boolean longer = !Tree.has(narrow, "tolerationSeconds")
                    || Tree.number(narrow, "tolerationSeconds") > Tree.number(wide, "tolerationSeconds");
            if (longer) {
                return false;
            }
        }
        return switch (operator) {
            case "Exists" -> true;
            case "", "Equal" ->
                operator.equals(Tree.text(narrow, "operator"))
                        && Tree.text(wide, "value").equals(Tree.text(narrow, "value"));
            default -> false;
        };
    }
}
