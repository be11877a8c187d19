package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.cel.CelBudget;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelCostException;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelInterruptedException;
import dev.kite.cel.CelLimits;
import dev.kite.cel.CelProgram;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks an object's rules, from the root down, within one budget of cost and of time (Kubernetes 1.36, apiextensions: x-kubernetes-validations). One instance
 * an object.
 */
final class RuleRun {
    private static final String SPENT =
            "validation failed due to running out of cost budget, no further validation rules will be run";

    /** The time that a request has, as upstream's --request-timeout. Cost runs out long before; this is for what cost doesn't see. */
    private static final Duration TIME = Duration.ofSeconds(60);

    /** Beyond this nothing more is asked: a list of a million can be wrong in each of its elements, and who sent it has enough to mend. */
    private static final int MOST = 1_000;

    private final CelCompiler compiler;
    private final List<FieldError> errors;
    private final Consumer<String> warnings;
    private final CelBudget budget;
    private int told;
    private boolean ended;

    /**
     * A run.
     *
     * @param compiler compiles what wasn't yet
     * @param budget cost units that all rules may take together
     * @param errors is given what is wrong
     * @param warnings is given what is wrong with what a change leaves as it was
     */
    RuleRun(CelCompiler compiler, long budget, List<FieldError> errors, Consumer<String> warnings) {
        this.compiler = compiler;
        this.errors = errors;
        this.warnings = warnings;
        this.budget = CelBudget.of(budget).within(TIME);
    }

    /** Cost units that are left; none after an end before time. */
    long remaining() {
        return ended ? -1 : budget.remaining();
    }

    /**
     * A value under validation.
     *
     * @param path where it is, empty for the root
     * @param value the value
     * @param old what it takes the place of, null where there is none or none can be told
     * @param correlated the value with its old one, for what is let be
     * @param parent the nearest such above it
     */
    private record Place(
            String path,
            JsonNode value,
            @Nullable JsonNode old,
            @Nullable Correlated correlated,
            @Nullable Correlated parent) {
        Place field(String name, String at) {
            JsonNode before = old instanceof ObjectNode object ? object.get(name) : null;
            if (correlated == null) {
                return new Place(at, value.path(name), before, null, parent);
            }
            // Versions and kinds of old and new objects are the same always: nothing can be told by them.
            boolean blind = parent == null && (name.equals("apiVersion") || name.equals("kind"));
            return new Place(
                    at, value.path(name), before, blind ? null : correlated.field(name), blind ? null : correlated);
        }

        Place element(int index, @Nullable JsonNode before) {
            String at = path + "[" + index + "]";
            return correlated == null
                    ? new Place(at, value.path(index), before, null, parent)
                    : new Place(at, value.path(index), before, correlated.element(index), correlated);
        }

        boolean isUnchanged() {
            return correlated != null ? correlated.same() : parent != null && parent.same();
        }
    }

    /**
     * Asks the rules of a value.
     *
     * @param node its rules and those within
     * @param value the value
     * @param path where it is, empty for the root
     * @param old what it takes the place of, null where there is none
     * @param correlated the value with its old one, null to refuse also what was wrong before
     */
    void value(RuleNode node, JsonNode value, String path, @Nullable JsonNode old, @Nullable Correlated correlated) {
        place(node, new Place(path, value, old, correlated, null));
    }

    private void place(RuleNode node, Place place) {
        if (place.value.isNull() || place.value.isMissingNode()) {
            return;
        }
        own(node, place);
        if (place.value instanceof ArrayNode array && node.items() != null) {
            Correlation old = Correlation.of(node.schema(), place.old);
            for (int i = 0; i < array.size() && !ended; i++) {
                place(node.items(), place.element(i, old.of(array.get(i))));
            }
        } else if (place.value instanceof ObjectNode object) {
            for (String name : (Iterable<String>) object::fieldNames) {
                if (ended) {
                    return;
                }
                RuleNode property = node.properties().get(name);
                if (node.additional() != null) {
                    place(node.additional(), place.field(name, place.path + "[" + name + "]"));
                } else if (property != null) {
                    String at = place.path.isEmpty() ? name : place.path + "." + name;
                    place(property, place.field(name, at));
                }
            }
        }
    }

    private void own(RuleNode node, Place place) {
        RuleNode.Rules rules = node.rules(compiler);
        if (!rules.error().isEmpty()) {
            broken(node, place, rules.error());
        }
        if (rules.list().isEmpty()) {
            return;
        }
        if (budget.remaining() <= 0) {
            end(node, place, SPENT);
            return;
        }
        for (CompiledRule rule : rules.list()) {
            if (!ended) {
                rule(node, rules, rule, place);
            }
        }
    }

    private void rule(RuleNode node, RuleNode.Rules rules, CompiledRule rule, Place place) {
        CelProgram program = rule.program();
        boolean fresh = place.old == null || place.old.isNull();
        if (rule.error() != null) {
            broken(node, place, "rule compile error: " + rule.error());
        }
        if (program == null || (fresh && rule.usesOldSelf() && !rule.optionalOldSelf())) {
            return;
        }
        Map<String, @Nullable Object> plain = new HashMap<>();
        plain.put(CompiledRule.SELF, place.value);
        if (rules.transitions() && !fresh) {
            plain.put(CompiledRule.OLD_SELF, place.old);
        }
        Map<String, @Nullable Object> bindings = plain;
        if (rule.optionalOldSelf() && rules.transitions()) {
            bindings = new HashMap<>(plain);
            bindings.put(CompiledRule.OLD_SELF, fresh ? Optional.empty() : Optional.ofNullable(place.old));
        }
        try {
            if (!program.evaluate(bindings, budget).isTrue()) {
                refuse(node, rule, place, plain);
            }
        } catch (CelEvaluationException e) {
            failed(node, rule, place, e);
        }
    }

    private void failed(RuleNode node, CompiledRule rule, Place place, CelEvaluationException e) {
        String words = String.valueOf(e.getMessage());
        if (e instanceof CelCostException cost && cost.isBudget()) {
            end(node, place, SPENT);
        } else if (e instanceof CelCostException) {
            end(
                    node,
                    place,
                    "'" + words + "': no further validation rules will be run due to call cost exceeds limit for rule: "
                            + rule.name());
        } else if (words.startsWith("no such overload")) {
            broken(
                    node,
                    place,
                    "'" + words
                            + "': call arguments did not match a supported operator, function or macro signature for rule: "
                            + rule.name());
        } else {
            broken(node, place, words + " evaluating rule: " + rule.name());
            ended |= e instanceof CelInterruptedException;
        }
    }

    private void refuse(RuleNode node, CompiledRule rule, Place place, Map<String, @Nullable Object> bindings) {
        String path = rule.fieldPath().isEmpty()
                ? place.path
                : place.path.isEmpty() ? rule.fieldPath() : place.path + "." + rule.fieldPath();
        String detail = rule.refusal();
        if (rule.message() != null) {
            try {
                detail = message(rule.message(), bindings, detail);
            } catch (CelCostException e) {
                ended = true;
                add(rule, place, new FieldError(FieldError.Type.INVALID, shown(path), type(node), tooDear(rule, e)));
                return;
            }
        }
        boolean parts = List.of("object", "array").contains(Tree.text(node.schema(), "type"));
        JsonNode value = parts ? MissingNode.getInstance() : place.value;
        FieldError.Type type = switch (Tree.text(rule.source(), "reason")) {
            case "FieldValueForbidden" -> FieldError.Type.FORBIDDEN;
            case "FieldValueRequired" -> FieldError.Type.REQUIRED;
            case "FieldValueDuplicate" -> FieldError.Type.DUPLICATE;
            default -> FieldError.Type.INVALID;
        };
        // Upstream's duplicates have no words.
        add(rule, place, new FieldError(type, shown(path), value, type == FieldError.Type.DUPLICATE ? "" : detail));
    }

    private static String tooDear(CompiledRule rule, CelCostException e) {
        return e.isBudget()
                ? "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run"
                : "no further validation rules will be run due to call cost exceeds limit for messageExpression: "
                        + TextNode.valueOf(Tree.text(rule.source(), "messageExpression"));
    }

    /** The text of a message expression, or what is said otherwise where it fails or gives none that can be shown. */
    private String message(CelProgram program, Map<String, @Nullable Object> bindings, String otherwise)
            throws CelCostException {
        try {
            String text = program.evaluate(bindings, budget).value() instanceof String given ? given.strip() : "";
            boolean fits = !text.isEmpty()
                    && text.indexOf('\n') < 0
                    && text.getBytes(StandardCharsets.UTF_8).length <= CelLimits.MAX_MESSAGE_BYTES;
            return fits ? text : otherwise;
        } catch (CelCostException e) {
            throw e;
        } catch (CelEvaluationException _) {
            return otherwise;
        }
    }

    /** What was wrong before and was left so is told, not refused; but for rules about changes. */
    private void add(CompiledRule rule, Place place, FieldError error) {
        told();
        if (!rule.usesOldSelf() && place.isUnchanged()) {
            warnings.accept(error.message());
        } else {
            errors.add(error);
        }
    }

    private void end(RuleNode node, Place place, String detail) {
        broken(node, place, detail);
        ended = true;
    }

    private void told() {
        ended |= ++told >= MOST;
    }

    private void broken(RuleNode node, Place place, String detail) {
        told();
        errors.add(new FieldError(FieldError.Type.INVALID, shown(place.path), type(node), detail));
    }

    private static JsonNode type(RuleNode node) {
        return TextNode.valueOf(Tree.text(node.schema(), "type"));
    }

    private static String shown(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }
}
