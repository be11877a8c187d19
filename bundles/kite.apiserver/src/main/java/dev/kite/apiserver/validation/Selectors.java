package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.validation.Names;
import java.util.ArrayList;
import java.util.List;

/** Label selectors in objects: whether they are well formed, and whom they match. Stateless. */
final class Selectors {
    private Selectors() {}

    static void labelSelector(At selector) {
        MetaChecks.labels(selector.field("matchLabels"));
        for (At expression : selector.field("matchExpressions").items()) {
            At values = expression.field("values");
            switch (expression.field("operator").text()) {
                case "In", "NotIn" -> values.needed("must be specified when `operator` is 'In' or 'NotIn'");
                case "Exists", "DoesNotExist" -> {
                    if (!values.empty()) {
                        values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    }
                }
                default -> expression.field("operator").invalid("not a valid selector operator");
            }
            expression.field("key").each(Names::qualifiedName);
            values.items().forEach(value -> value.each(Names::labelValue));
        }
    }

    /** Whether a selector can select: its operators and values are of those that there are. */
    static boolean usable(At selector) {
        At sink = At.root(new ArrayList<>(), selector.node());
        labelSelector(sink);
        return sink.errors().isEmpty();
    }

    static boolean empty(JsonNode selector) {
        return Tree.at(selector, "matchLabels").isEmpty()
                && Tree.at(selector, "matchExpressions").isEmpty();
    }

    static boolean matches(JsonNode selector, JsonNode labels) {
        for (var pair : Tree.fields(selector, "matchLabels")) {
            if (!labels.has(pair.getKey()) || !labels.path(pair.getKey()).equals(pair.getValue())) {
                return false;
            }
        }
        for (ObjectNode expression : Tree.objects(selector, "matchExpressions")) {
            String key = Tree.text(expression, "key");
            List<String> values = Tree.texts(expression, "values");
            boolean has = labels.has(key);
            boolean in = has && values.contains(Tree.text(labels, key));
            boolean fits = switch (Tree.text(expression, "operator")) {
                case "In" -> in;
                case "NotIn" -> !in;
                case "Exists" -> has;
                default -> !has;
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
