package dev.kite.security.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.cel.CelBudget;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelLimits;
import dev.kite.cel.CelProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the parts of a user are made of claims. Each throws AuthenticationException where they can't be. */
sealed interface Claims {
    /** The texts of a claim or expression: one, several, or none. */
    List<String> texts(JsonNode claims) throws AuthenticationException;

    /** Nothing. */
    record None() implements Claims {
        @Override
        public List<String> texts(JsonNode claims) {
            return List.of();
        }
    }

    /**
     * A claim, by its name, with a prefix before each of its texts.
     *
     * @param name the claim
     * @param prefix before it
     */
    record Named(String name, String prefix) implements Claims {
        @Override
        public List<String> texts(JsonNode claims) throws AuthenticationException {
            JsonNode claim = claims.path(name);
            if (claim.isMissingNode() || claim.isNull()) {
                return List.of();
            }
            return list(claim, "the claim " + name).stream()
                    .filter(text -> !text.isEmpty())
                    .map(text -> prefix + text)
                    .toList();
        }
    }

    /**
     * A CEL expression over {@code claims}.
     *
     * @param program it
     */
    record Expressed(CelProgram program) implements Claims {
        @Override
        public List<String> texts(JsonNode claims) throws AuthenticationException {
            try {
                return list(evaluate(program, Map.of("claims", claims)).json(), "an expression");
            } catch (CelEvaluationException e) {
                throw new AuthenticationException("an expression over the claims fails: " + e.getMessage());
            }
        }
    }

    static dev.kite.cel.CelResult evaluate(CelProgram program, Map<String, ?> bindings) throws CelEvaluationException {
        return program.evaluate(bindings, CelBudget.of(CelLimits.PER_CALL));
    }

    private static List<String> list(JsonNode value, String what) throws AuthenticationException {
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.asText());
        } else if (value.isArray()) {
            for (JsonNode element : value) {
                if (!element.isTextual()) {
                    throw new AuthenticationException(what + " is neither text nor a list of texts");
                }
                texts.add(element.asText());
            }
        } else if (!value.isNull()) {
            throw new AuthenticationException(what + " is neither text nor a list of texts");
        }
        return texts;
    }

    /** A user as expressions of userValidationRules see it. */
    static ObjectNode describe(UserInfo user) {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("username", user.name()).put("uid", user.uid());
        user.groups().forEach(node.putArray("groups")::add);
        ObjectNode extra = node.putObject("extra");
        user.extra()
                .forEach((key, values) -> values.forEach(
                        extra.withArray("/" + key.replace("~", "~0").replace("/", "~1"))::add));
        return node;
    }
}
