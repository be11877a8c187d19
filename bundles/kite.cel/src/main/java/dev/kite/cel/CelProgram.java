package dev.kite.cel;

import java.util.Map;
import java.util.Set;

/** A compiled expression: immutable, safe for use by many threads. */
public interface CelProgram {
    /** The source. */
    String expression();

    /** The type that the checker found; {@link CelType#DYN} where only evaluation can tell. */
    CelType resultType();

    /**
     * The greatest cost that evaluation can have, given the bounds of the variables' types; {@link Long#MAX_VALUE} when nothing bounds it
     * (upstream's static estimate, where an unsigned number saturates).
     */
    long maxCost();

    /** The static estimate's lower end. */
    long minCost();

    /**
     * The variables that it reads, and what it selects of them by name, each as a dotted path from the variable: of
     * {@code self.spec.replicas > 0} these are self, self.spec and self.spec.replicas.
     */
    Set<String> reads();

    /** Whether it reads the variable or path. */
    default boolean reads(String path) {
        return reads().contains(path);
    }

    /**
     * Evaluates. Values are {@link com.fasterxml.jackson.databind.JsonNode} trees, read in place and never copied or changed, or Java values: String, Boolean,
     * Integer, Long, Double, Instant, Duration, byte[], List, Map, null, Optional, {@link CelLazy}, {@link CelVariables}, {@link CelAuthorizer}
     * (for a variable of type {@link CelType#AUTHORIZER}) and {@link CelAuthorizer.RequestResource}. The declared types say how they are read
     * (a string of type timestamp is a timestamp).
     *
     * @param bindings a value for each variable of the environment; a missing one fails only where the expression reads it
     * @param budget what this evaluation may spend; what it spends is taken from it, also when it fails
     * @throws CelCostException when a call or the budget is spent
     * @throws CelInterruptedException when the thread was interrupted or the budget's deadline passed
     * @throws CelEvaluationException when the expression fails
     */
    CelResult evaluate(Map<String, ?> bindings, CelBudget budget) throws CelEvaluationException;
}
