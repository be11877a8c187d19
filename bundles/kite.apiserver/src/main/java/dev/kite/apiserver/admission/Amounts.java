package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;
import dev.kite.model.QuantityFormatException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sums of resources. Stateless. */
final class Amounts {
    private Amounts() {}

    /** An amount by name, null where there is none. */
    static @Nullable Quantity at(JsonNode amounts, String name) {
        JsonNode amount = amounts.get(name);
        if (amount == null || amount.isNull()) {
            return null;
        }
        try {
            return Quantity.parse(amount.asText());
        } catch (QuantityFormatException _) {
            return null; // validation says what is no quantity
        }
    }

    /** An exact value. */
    static BigDecimal value(Quantity quantity) {
        return quantity.toBigDecimal();
    }

    /**
     * What a pod asks for: the sum of its containers, or its largest init container where that is more; sidecars count with the containers.
     *
     * @param field requests or limits
     */
    static ObjectNode ofPod(ObjectNode pod, String field) {
        Map<String, Quantity> sum = new HashMap<>();
        for (ObjectNode container : Tree.objects(pod, "spec", "containers")) {
            add(sum, Tree.at(container, "resources", field));
        }
        Map<String, Quantity> sidecars = new HashMap<>();
        Map<String, Quantity> largest = new HashMap<>();
        for (ObjectNode container : Tree.objects(pod, "spec", "initContainers")) {
            if (Tree.text(container, "restartPolicy").equals("Always")) {
                add(sidecars, Tree.at(container, "resources", field));
                add(sum, Tree.at(container, "resources", field));
            } else {
                Map<String, Quantity> together = new HashMap<>(sidecars);
                add(together, Tree.at(container, "resources", field));
                together.forEach((name, amount) -> largest.merge(name, amount, Quantity::max));
            }
        }
        largest.forEach((name, amount) -> sum.merge(name, amount, Quantity::max));
        // What a pod says for all its containers together counts instead of their sum.
        for (Map.Entry<String, JsonNode> entry : Tree.fields(pod, "spec", "resources", field)) {
            Quantity amount = at(Tree.at(pod, "spec", "resources", field), entry.getKey());
            if (amount != null) {
                sum.put(entry.getKey(), amount);
            }
        }
        if (field.equals("requests")) {
            add(sum, Tree.at(pod, "spec", "overhead"));
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        sum.forEach((name, amount) -> out.put(name, amount.toString()));
        return out;
    }

    /** Whether a pod asks for no CPU and memory at all. */
    static boolean bestEffort(ObjectNode pod) {
        for (String field : List.of("requests", "limits")) {
            ObjectNode sum = ofPod(pod, field);
            for (String name : List.of("cpu", "memory")) {
                Quantity amount = at(sum, name);
                if (amount != null && amount.signum() > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void add(Map<String, Quantity> sum, JsonNode amounts) {
        for (Map.Entry<String, JsonNode> entry : Tree.fields(amounts)) {
            Quantity amount = at(amounts, entry.getKey());
            if (amount != null) {
                sum.merge(entry.getKey(), amount, Quantity::add);
            }
        }
    }
}
