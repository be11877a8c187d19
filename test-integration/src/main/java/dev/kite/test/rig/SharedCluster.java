package dev.kite.test.rig;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One single-server cluster for all test classes of a run that ask for it, started by the first; each test works in a namespace of its own.
 * Where the machine lacks something, the classes are skipped; where it did not start, they fail without another try.
 */
public final class SharedCluster implements ExecutionCondition, ParameterResolver {
    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(SharedCluster.class);

    private final Requirements requirements = new Requirements();

    /** For JUnit. */
    public SharedCluster() {}

    private record Holder(
            @Nullable Cluster cluster, @Nullable Throwable failure) implements AutoCloseable {
        private static Holder start() {
            try {
                return new Holder(Cluster.single(), null);
            } catch (IOException | AssertionError e) {
                return new Holder(null, e);
            }
        }

        private Cluster require() {
            if (cluster == null) {
                throw new AssertionError("the cluster did not start", failure);
            }
            return cluster;
        }

        @Override
        public void close() throws IOException {
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return requirements.evaluateExecutionCondition(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(SPACE)
                .computeIfAbsent("cluster", _ -> Holder.start(), Holder.class)
                .require();
    }
}
