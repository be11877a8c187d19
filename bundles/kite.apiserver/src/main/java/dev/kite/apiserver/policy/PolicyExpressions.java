package dev.kite.apiserver.policy;

import dev.kite.apiserver.validation.AdmissionExpressions;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelType;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compiles the expressions of policies and webhooks as they are written. Thread-safe. */
public final class PolicyExpressions implements AdmissionExpressions {
    private final CelCompiler compiler;

    /**
     * Expressions.
     *
     * @param compiler compiles them
     */
    public PolicyExpressions(CelCompiler compiler) {
        this.compiler = compiler;
    }

    @Override
    public String condition(String expression, boolean params) {
        return error(expression, Environments.of(params, true), CelType.BOOL);
    }

    @Override
    public Policy policy(boolean params, boolean composed) {
        return new Composing(params, composed);
    }

    private String error(String expression, CelEnvironment environment, CelType... accepted) {
        return Compiled.of(compiler, expression, environment, accepted).error();
    }

    /** One policy, whose variables are known as far as they were compiled. */
    private final class Composing implements Policy {
        private final boolean params;
        private final boolean composed;
        private final Map<String, CelType> types = new LinkedHashMap<>();

        Composing(boolean params, boolean composed) {
            this.params = params;
            this.composed = composed;
        }

        private CelEnvironment environment(boolean authorizer) {
            CelEnvironment plain = Environments.of(params, authorizer);
            return composed ? Environments.with(plain, types) : plain;
        }

        @Override
        public String variable(String name, String expression) {
            Compiled compiled = Compiled.of(compiler, expression, environment(true));
            types.put(name, Composition.declared(compiled.type()));
            return compiled.error();
        }

        @Override
        public String validation(String expression) {
            return error(expression, environment(true), CelType.BOOL);
        }

        @Override
        public String message(String expression) {
            return error(expression, environment(false), CelType.STRING);
        }

        @Override
        public String annotation(String expression) {
            return error(expression, environment(true), CelType.STRING, CelType.NULL);
        }

        @Override
        public String mutation(String expression, Patch patch) {
            return error(expression, environment(true).withMutation(), Mutations.result(patch));
        }
    }
}
