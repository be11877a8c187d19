package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.policy.Evaluation.OutOfBudgetException;
import dev.kite.apiserver.policy.Evaluation.Outcome;
import dev.kite.apiserver.tree.Tree;
import dev.kite.cel.CelBudget;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Conditions that must all hold before a webhook or policy is asked.
 *
 * @param expressions in order
 */
record MatchConditions(List<Compiled> expressions) {
    /** Copies. */
    MatchConditions {
        expressions = List.copyOf(expressions);
    }

    /**
     * What the conditions say.
     *
     * @param matches whether all hold
     * @param error why that can't be told, empty where it can
     */
    record Verdict(boolean matches, String error) {
        private static final Verdict YES = new Verdict(true, "");
        private static final Verdict NO = new Verdict(false, "");

        boolean failed() {
            return !error.isEmpty();
        }
    }

    static MatchConditions of(CelCompiler compiler, JsonNode conditions, CelEnvironment environment) {
        return of(conditions, expression -> Compiled.of(compiler, expression, environment, CelType.BOOL));
    }

    static MatchConditions of(JsonNode conditions, Function<String, Compiled> compile) {
        List<Compiled> expressions = new ArrayList<>();
        for (ObjectNode condition : Tree.objects(conditions)) {
            expressions.add(compile.apply(Tree.text(condition, "expression")));
        }
        return new MatchConditions(expressions);
    }

    /** One that is false decides, whatever others fail at; failures count where all others hold. */
    Verdict match(Map<String, ?> bindings, CelBudget budget) {
        Set<String> errors = new LinkedHashSet<>();
        List<Outcome> outcomes;
        try {
            outcomes = Evaluation.all(new ArrayList<@Nullable Compiled>(expressions), bindings, budget);
        } catch (OutOfBudgetException e) {
            return new Verdict(false, String.valueOf(e.getMessage()));
        }
        for (Outcome outcome : outcomes) {
            if (outcome.failed()) {
                errors.add(outcome.error());
            } else if (outcome.result() != null
                    && Boolean.FALSE.equals(outcome.result().value())) {
                return Verdict.NO;
            }
        }
        if (errors.isEmpty()) {
            return Verdict.YES;
        }
        return new Verdict(
                false, errors.size() == 1 ? errors.iterator().next() : "[" + String.join(", ", errors) + "]");
    }
}
