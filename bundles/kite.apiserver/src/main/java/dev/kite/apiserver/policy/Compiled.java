package dev.kite.apiserver.policy;

import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelType;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An expression, compiled or found to be wrong: what is wrong is told when it is used.
 *
 * @param source the expression
 * @param program null where it does not compile
 * @param error what is wrong in upstream's words, empty where nothing is
 */
record Compiled(String source, @Nullable CelProgram program, String error) {
    static Compiled of(CelCompiler compiler, String source, CelEnvironment environment, CelType... accepted) {
        try {
            return new Compiled(source, compiler.compile(source, environment, accepted), "");
        } catch (CelException e) {
            return new Compiled(
                    source,
                    null,
                    switch (e.kind()) {
                        case INVALID -> "compilation failed: " + e.getMessage();
                        case RESULT_TYPE -> "must evaluate to " + wanted(accepted) + " but got " + e.getMessage();
                    });
        }
    }

    /** The type of its result; anything where it has none. */
    CelType type() {
        return program == null ? CelType.DYN : program.resultType();
    }

    private static String wanted(CelType... accepted) {
        return accepted.length == 1
                ? name(accepted[0])
                : "one of [" + Arrays.stream(accepted).map(Compiled::name).collect(Collectors.joining(" ")) + "]";
    }

    private static String name(CelType type) {
        return switch (type) {
            case CelType.Scalar scalar when scalar.kind() == CelType.Kind.NULL -> "null_type";
            case CelType.Scalar scalar -> scalar.kind().name().toLowerCase(java.util.Locale.ROOT);
            case CelType.ListOf list -> "list(" + name(list.element()) + ")";
            case CelType.MapOf map -> "map(" + name(map.key()) + ", " + name(map.value()) + ")";
            case CelType.ObjectOf object -> object.name();
            case CelType.OptionalOf optional -> "optional_type(" + name(optional.value()) + ")";
            case CelType.Opaque opaque -> opaque.name();
        };
    }
}
