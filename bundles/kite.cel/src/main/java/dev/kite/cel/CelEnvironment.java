package dev.kite.cel;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an expression sees: Kubernetes 1.36's libraries (all of them are older than its compatibility version, so none is left out) and these variables.
 *
 * @param variables names to types; a name may be dotted, as {@code authorizer.requestResource} is
 * @param mutation whether {@code Object{…}}, {@code JSONPatch{…}} and {@code jsonpatch.escapeKey()} are there
 */
public record CelEnvironment(Map<String, CelType> variables, boolean mutation) {
    /** No variables, no mutation. */
    public static final CelEnvironment EMPTY = new CelEnvironment(Map.of(), false);

    /** Copies the map. */
    public CelEnvironment {
        variables = Map.copyOf(variables);
    }

    /** This with one variable more, or with another type of it. */
    public CelEnvironment with(String name, CelType type) {
        Map<String, CelType> more = new LinkedHashMap<>(variables);
        more.put(name, type);
        return new CelEnvironment(more, mutation);
    }

    /** This with the types and functions that MutatingAdmissionPolicies have. */
    public CelEnvironment withMutation() {
        return new CelEnvironment(variables, true);
    }
}
