package dev.kite.security.settings;

import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelException;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The compiler of expressions, asked for with the first one: without rules, CEL is never started. */
public final class Rules {
    private Rules() {}

    /**
     * Looks the compiler up when it is needed.
     *
     * @param context where it is offered
     * @return gives it, or throws IllegalArgumentException where it is not there
     */
    public static Supplier<CelCompiler> compiler(BundleContext context) {
        return () -> {
            ServiceReference<CelCompiler> reference = context.getServiceReference(CelCompiler.class);
            CelCompiler compiler = reference == null ? null : context.getService(reference);
            if (compiler == null) {
                throw new IllegalArgumentException("expressions need the bundle kite.cel, which is not active");
            }
            return compiler;
        };
    }

    /**
     * Says in one line why an expression can't be used.
     *
     * @param failure what its compilation threw
     * @param wanted the type that it must have, as CEL names it
     * @return the words
     */
    public static String words(Exception failure, String wanted) {
        if (failure instanceof CelException cel && cel.kind() == CelException.Kind.RESULT_TYPE) {
            return "must evaluate to " + wanted;
        }
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
