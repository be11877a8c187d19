package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelType;
import org.jspecify.annotations.Nullable;

/**
 * A validation rule and what became of it. Immutable.
 *
 * @param source the rule as its schema has it
 * @param program what decides; null where it doesn't compile, or is empty
 * @param error why it doesn't compile, else null
 * @param message what tells why a value is refused; null where there is none, or it doesn't compile
 * @param messageError why the message doesn't compile, else null
 * @param fieldPath where refusals point to, relative to the value; empty for the value itself
 */
record CompiledRule(
        JsonNode source,
        @Nullable CelProgram program,
        @Nullable String error,
        @Nullable CelProgram message,
        @Nullable String messageError,
        String fieldPath) {
    static final String SELF = "self";
    static final String OLD_SELF = "oldSelf";

    /** Compiles a rule of a schema whose values have a type. */
    static CompiledRule of(CelCompiler compiler, JsonNode rule, JsonNode schema, CelType type) {
        String expression = Tree.text(rule, "rule");
        if (expression.isBlank()) {
            return new CompiledRule(rule, null, null, null, null, "");
        }
        boolean optional = Tree.flag(rule, "optionalOldSelf");
        CelEnvironment environment =
                CelEnvironment.EMPTY.with(SELF, type).with(OLD_SELF, optional ? new CelType.OptionalOf(type) : type);
        CelProgram program;
        try {
            program = compiler.compile(expression, environment, CelType.BOOL);
        } catch (CelException e) {
            return new CompiledRule(
                    rule,
                    null,
                    words(e, "compilation failed: ", "cel expression must evaluate to a bool"),
                    null,
                    null,
                    "");
        }
        CelProgram message = null;
        String messageError = null;
        String messageExpression = Tree.text(rule, "messageExpression");
        if (!messageExpression.isEmpty()) {
            try {
                message = compiler.compile(messageExpression, environment, CelType.STRING);
            } catch (CelException e) {
                messageError = words(
                        e, "messageExpression compilation failed: ", "messageExpression must evaluate to a string");
            }
        }
        String path = Tree.text(rule, "fieldPath");
        String normal = path.isEmpty() ? null : FieldPaths.normal(path, schema);
        return new CompiledRule(rule, program, null, message, messageError, normal == null ? "" : normal);
    }

    private static String words(CelException e, String otherwise, String type) {
        return e.kind() == CelException.Kind.RESULT_TYPE ? type : otherwise + e.getMessage();
    }

    /** Whether it is about a change: the rule reads what was there. */
    boolean usesOldSelf() {
        return program != null && program.reads(OLD_SELF);
    }

    /** Whether it is asked also where nothing was there. */
    boolean optionalOldSelf() {
        return Tree.flag(source, "optionalOldSelf");
    }

    /** How errors name it. */
    String name() {
        String message = Tree.text(source, "message");
        return (message.isEmpty() ? Tree.text(source, "rule") : message).strip();
    }

    /** What refusals say where no expression makes their message. */
    String refusal() {
        return Tree.text(source, "message").isEmpty() ? "failed rule: " + name() : name();
    }
}
