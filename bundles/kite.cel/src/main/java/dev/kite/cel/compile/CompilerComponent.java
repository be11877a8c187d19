package dev.kite.cel.compile;

import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelType;
import org.osgi.service.component.annotations.Component;

/** The service. It holds nothing of dev.cel: {@link Frontend} and all that it needs is loaded by the first call. */
@Component(service = CelCompiler.class)
public final class CompilerComponent implements CelCompiler {
    @Override
    public CelProgram compile(String expression, CelEnvironment environment, CelType... accepted) throws CelException {
        return Frontend.compile(expression, environment, accepted);
    }
}
