package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.AdmissionExpressions.Patch;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelType;
import java.util.ArrayList;
import java.util.List;

/**
 * A MutatingAdmissionPolicy's expressions, compiled.
 *
 * @param variables its variables
 * @param conditions what must hold before anything is changed
 * @param mutations the changes, in order
 * @param again whether it is asked again where others changed the object after it
 */
record Mutations(Composition variables, MatchConditions conditions, List<Mutation> mutations, boolean again) {
    /** Copies. */
    Mutations {
        mutations = List.copyOf(mutations);
    }

    /** One change. */
    record Mutation(Patch kind, Compiled expression) {}

    /** The type of what makes a change. */
    static CelType result(Patch kind) {
        return switch (kind) {
            case APPLY_CONFIGURATION -> CelType.PATCH_OBJECT;
            case JSON_PATCH -> CelType.list(CelType.JSON_PATCH);
        };
    }

    static Mutations of(CelCompiler compiler, Policy<?> policy) {
        CelEnvironment all = Environments.of(policy.hasParams(), true);
        Composition variables = Composition.of(compiler, all, Tree.objects(policy.spec(), "variables"));
        CelEnvironment composed = variables.within(all);
        CelEnvironment mutating = composed.withMutation();
        List<Mutation> mutations = new ArrayList<>();
        for (ObjectNode mutation : Tree.objects(policy.spec(), "mutations")) {
            boolean json = Tree.text(mutation, "patchType").equals("JSONPatch");
            Patch kind = json ? Patch.JSON_PATCH : Patch.APPLY_CONFIGURATION;
            String source = Tree.text(mutation, json ? "jsonPatch" : "applyConfiguration", "expression");
            mutations.add(new Mutation(kind, Compiled.of(compiler, source, mutating, result(kind))));
        }
        return new Mutations(
                variables,
                MatchConditions.of(compiler, Tree.at(policy.spec(), "matchConditions"), composed),
                mutations,
                Tree.text(policy.spec(), "reinvocationPolicy").equals("IfNeeded"));
    }
}
