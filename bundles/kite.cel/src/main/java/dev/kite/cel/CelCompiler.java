package dev.kite.cel;

/**
 * Compiles CEL expressions. The first call loads the compiler's classes (hundreds of milliseconds); until then the service costs nothing.
 *
 * <p>Thread-safe. Expressions longer than 100,000 code points, or nested deeper than the parser's bound of 250, are refused.
 */
public interface CelCompiler {
    /**
     * Parses and checks an expression.
     *
     * @param accepted the types that its result may have; none accepts any. As upstream, a result of type dyn is accepted only where {@link CelType#DYN} is.
     * @throws CelException with positions and messages in upstream's form
     */
    CelProgram compile(String expression, CelEnvironment environment, CelType... accepted) throws CelException;
}
