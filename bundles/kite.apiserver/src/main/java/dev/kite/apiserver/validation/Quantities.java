package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.Quantity;
import dev.kite.model.QuantityFormatException;
import java.util.Optional;

/** Amounts in trees. Stateless. */
final class Quantities {
    private Quantities() {}

    static Optional<Quantity> parse(JsonNode node) {
        if (!node.isTextual() && !node.isNumber()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Quantity.parse(node.asText()));
        } catch (QuantityFormatException e) {
            return Optional.empty();
        }
    }

    static boolean valid(JsonNode node) {
        return parse(node).isPresent();
    }

    static boolean negative(JsonNode node) {
        return parse(node).map(q -> q.signum() < 0).orElse(false);
    }
}
