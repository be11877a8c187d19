package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.cel.CelBudget;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelInterruptedException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelResult;
import dev.kite.cel.CelType;
import dev.kite.cel.CelVariables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy's variables, compiled in order, each seeing those before it.
 *
 * @param types what expressions of the policy see of them
 * @param programs what computes them
 */
record Composition(Map<String, CelType> types, Map<String, CelProgram> programs) {
    static Composition of(CelCompiler compiler, CelEnvironment environment, List<ObjectNode> variables) {
        Map<String, CelType> types = new LinkedHashMap<>();
        Map<String, CelProgram> programs = new LinkedHashMap<>();
        for (ObjectNode variable : variables) {
            String name = Tree.text(variable, "name");
            Compiled compiled =
                    Compiled.of(compiler, Tree.text(variable, "expression"), Environments.with(environment, types));
            types.put(name, declared(compiled.type()));
            programs.put(name, new Named(name, compiled));
        }
        return new Composition(types, programs);
    }

    /** An environment in which these variables can be read. */
    CelEnvironment within(CelEnvironment environment) {
        return Environments.with(environment, types);
    }

    /** Bindings with these variables, which are computed anew for each group of expressions, as upstream does. */
    Map<String, Object> bind(Map<String, @Nullable Object> bindings, CelBudget budget) {
        return new CelVariables(programs, bindings, budget).bindings();
    }

    /** Only simple types and what is made of them are known of a variable; all others are anything. */
    static CelType declared(CelType type) {
        return switch (type) {
            case CelType.Scalar scalar -> scalar;
            case CelType.ListOf list -> CelType.list(declared(list.element()));
            case CelType.MapOf map -> new CelType.MapOf(declared(map.key()), declared(map.value()), CelType.UNBOUNDED);
            case CelType.ObjectOf _, CelType.OptionalOf _, CelType.Opaque _ -> CelType.DYN;
        };
    }

    /** A variable's program, whose failures name it. */
    private record Named(String name, Compiled compiled) implements CelProgram {
        @Override
        public CelResult evaluate(Map<String, ?> bindings, CelBudget budget) throws CelEvaluationException {
            CelProgram program = compiled.program();
            if (program == null) {
                throw new CelEvaluationException(
                        "composited variable \"" + name + "\" fails to compile: " + compiled.error());
            }
            try {
                return program.evaluate(bindings, budget);
            } catch (CelInterruptedException e) {
                throw e;
            } catch (CelEvaluationException e) {
                if (Evaluation.outOfBudget(e)) {
                    throw e;
                }
                throw new CelEvaluationException(
                        "composited variable \"" + name + "\" fails to evaluate: " + e.getMessage(), e);
            }
        }

        @Override
        public String expression() {
            return compiled.source();
        }

        @Override
        public CelType resultType() {
            return compiled.type();
        }

        @Override
        public long maxCost() {
            CelProgram program = compiled.program();
            return program == null ? 0 : program.maxCost();
        }

        @Override
        public long minCost() {
            CelProgram program = compiled.program();
            return program == null ? 0 : program.minCost();
        }

        @Override
        public Set<String> reads() {
            CelProgram program = compiled.program();
            return program == null ? Set.of() : program.reads();
        }
    }
}
