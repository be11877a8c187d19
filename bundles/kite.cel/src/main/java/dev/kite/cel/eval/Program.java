package dev.kite.cel.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.cel.CelBudget;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelResult;
import dev.kite.cel.CelType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A program.
 *
 * @param slots how many variables there are, with those of comprehensions
 * @param variables those of the environment that it reads: slots and types
 */
public record Program(
        String expression,
        CelType resultType,
        long minCost,
        long maxCost,
        Set<String> reads,
        Node root,
        int slots,
        Map<String, Variable> variables)
        implements CelProgram {
    /** Where a variable is kept and how it is read. */
    public record Variable(int slot, CelType type) {}

    /** A constant node's value, computed without variables. */
    public static Object constant(Node node) {
        return node.eval(new Evaluation(CelBudget.of(Long.MAX_VALUE, Long.MAX_VALUE), 0));
    }

    @Override
    public CelResult evaluate(Map<String, ?> bindings, CelBudget budget) throws CelEvaluationException {
        Evaluation e = new Evaluation(budget, slots);
        variables.forEach((name, variable) -> {
            if (bindings.containsKey(name)) {
                e.slot(variable.slot, new Pending(bindings.get(name), variable.type));
            }
        });
        try {
            e.check();
            return new Result(root.eval(e), e.cost());
        } catch (CelError error) {
            throw new CelEvaluationException(String.valueOf(error.getMessage()), error);
        } catch (Halt halt) {
            throw halt.reason();
        } catch (StackOverflowError overflow) {
            throw new CelEvaluationException("expression or value nests too deeply", overflow);
        } finally {
            budget.spend(e.cost());
        }
    }

    /** A result. */
    record Result(Object raw, long cost) implements CelResult {
        @Override
        public @Nullable Object value() {
            return Results.java(raw);
        }

        @Override
        public String type() {
            return Types.nameOf(raw);
        }

        @Override
        public JsonNode json() throws CelEvaluationException {
            return Results.json(raw);
        }
    }
}
