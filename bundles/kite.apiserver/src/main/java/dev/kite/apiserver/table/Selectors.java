package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Words label selectors as kubectl takes them: {@code a=b,c in (d,e),!f}. Stateless. */
final class Selectors {
    private Selectors() {}

    private record Requirement(String key, String text) {}

    static String format(JsonNode selector) {
        List<Requirement> requirements = new ArrayList<>();
        for (Map.Entry<String, JsonNode> pair : Tree.fields(selector, "matchLabels")) {
            requirements.add(new Requirement(
                    pair.getKey(), pair.getKey() + "=" + pair.getValue().asText()));
        }
        for (ObjectNode expression : Tree.objects(selector, "matchExpressions")) {
            String key = Tree.text(expression, "key");
            String values = String.join(
                    ",", Tree.texts(expression, "values").stream().sorted().toList());
            switch (Tree.text(expression, "operator")) {
                case "In" -> requirements.add(new Requirement(key, key + " in (" + values + ")"));
                case "NotIn" -> requirements.add(new Requirement(key, key + " notin (" + values + ")"));
                case "Exists" -> requirements.add(new Requirement(key, key));
                case "DoesNotExist" -> requirements.add(new Requirement(key, "!" + key));
                default -> {
                    return "<error>";
                }
            }
        }
        requirements.sort(Comparator.comparing(Requirement::key));
        return requirements.isEmpty()
                ? Row.NONE
                : String.join(",", requirements.stream().map(Requirement::text).toList());
    }
}
