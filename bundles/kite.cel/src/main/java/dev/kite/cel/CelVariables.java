package dev.kite.cel;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy's variables: bound as {@code variables}, each is evaluated when first read, once a request, with the cost taken from the budget. One thread at a time.
 * Declare them in order, each with an environment whose {@code variables} has the ones before it ({@link #type}).
 */
public final class CelVariables {
    /** The name that policies bind them to. */
    public static final String NAME = "variables";

    private final Map<String, CelProgram> programs;
    private final Map<String, Object> bindings;
    private final CelBudget budget;
    private final Map<String, Outcome> outcomes = new HashMap<>();

    private record Outcome(
            @Nullable CelResult result, @Nullable CelEvaluationException failure) {}

    /**
     * Values yet to be computed.
     *
     * @param bindings of the request; these variables are added to them
     */
    public CelVariables(Map<String, CelProgram> programs, Map<String, ?> bindings, CelBudget budget) {
        this.programs = Map.copyOf(programs);
        this.bindings = new HashMap<>(bindings);
        this.bindings.put(NAME, this);
        this.budget = budget;
    }

    /** The type of {@code variables} with these types of its fields. */
    public static CelType type(Map<String, CelType> fields) {
        return CelType.object("kubernetes.variables", new LinkedHashMap<>(fields));
    }

    /** The bindings with these variables: what to evaluate the policy's expressions with. */
    public Map<String, Object> bindings() {
        return java.util.Collections.unmodifiableMap(bindings);
    }

    /** Whether there is such a variable. */
    public boolean has(String name) {
        return programs.containsKey(name);
    }

    /**
     * A variable's value, computed now if it wasn't yet.
     *
     * @throws CelEvaluationException as its expression failed, each time anew
     */
    public CelResult get(String name) throws CelEvaluationException {
        Outcome outcome = outcomes.get(name);
        if (outcome == null) {
            outcome = compute(name);
            outcomes.put(name, outcome);
        }
        if (outcome.failure != null) {
            throw outcome.failure;
        }
        return java.util.Objects.requireNonNull(outcome.result);
    }

    private Outcome compute(String name) {
        CelProgram program = programs.get(name);
        if (program == null) {
            return new Outcome(null, new CelEvaluationException("no such key: " + name));
        }
        try {
            return new Outcome(program.evaluate(bindings, budget), null);
        } catch (CelEvaluationException e) {
            return new Outcome(null, e);
        }
    }
}
