package dev.kite.apiserver.policy;

import dev.kite.cel.CelBudget;
import dev.kite.cel.CelCostException;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions with one budget, in upstream's words. Stateless. */
final class Evaluation {
    private Evaluation() {}

    /**
     * What an expression gave.
     *
     * @param result null where it failed, or where there is no expression
     * @param error why it failed, empty where it did not
     */
    record Outcome(@Nullable CelResult result, String error) {
        static final Outcome NONE = new Outcome(null, "");

        boolean failed() {
            return !error.isEmpty();
        }
    }

    /** The budget is spent: nothing more is evaluated. */
    static final class OutOfBudgetException extends Exception {
        private static final long serialVersionUID = 1L;

        OutOfBudgetException(String message) {
            super(message, null, false, false);
        }
    }

    /** Evaluates all, whatever one gives; a null stands for no expression. */
    static List<Outcome> all(List<@Nullable Compiled> expressions, Map<String, ?> bindings, CelBudget budget)
            throws OutOfBudgetException {
        List<Outcome> outcomes = new ArrayList<>(expressions.size());
        for (Compiled expression : expressions) {
            outcomes.add(expression == null ? Outcome.NONE : one(expression, bindings, budget));
        }
        return outcomes;
    }

    static Outcome one(Compiled expression, Map<String, ?> bindings, CelBudget budget) throws OutOfBudgetException {
        CelProgram program = expression.program();
        if (program == null) {
            return new Outcome(null, "compilation error: " + expression.error());
        }
        try {
            return new Outcome(program.evaluate(bindings, budget), "");
        } catch (CelEvaluationException e) {
            if (outOfBudget(e)) {
                throw new OutOfBudgetException(String.valueOf(e.getMessage()));
            }
            return new Outcome(null, "expression '" + expression.source() + "' resulted in error: " + e.getMessage());
        }
    }

    static boolean outOfBudget(CelEvaluationException e) {
        return e instanceof CelCostException cost && cost.isBudget();
    }
}
