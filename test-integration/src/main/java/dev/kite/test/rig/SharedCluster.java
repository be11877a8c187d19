package dev.kite.test.rig;

import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One single-server cluster for all test classes of a run that ask for it, started by the first; each test works in a namespace of its own. */
public final class SharedCluster implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(SharedCluster.class);

    /** For JUnit. */
    public SharedCluster() {}

    private record Holder(Cluster cluster) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            cluster.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Requirements.assume();
        Assumptions.assumeTrue(holder(context) != null);
    }

    private static Holder holder(ExtensionContext context) {
        return context.getRoot().getStore(SPACE).computeIfAbsent("cluster", _ -> start(), Holder.class);
    }

    private static Holder start() {
        try {
            return new Holder(Cluster.single());
        } catch (IOException e) {
            throw new AssertionError("the cluster did not start", e);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return holder(context).cluster();
    }
}
