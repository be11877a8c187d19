package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelLimits;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks the rules (x-kubernetes-validations) of custom kinds' schemas. Thread-safe. */
public final class CustomRules {
    /** With one of these a value may not be of the form that rules rely on. */
    private static final Set<FieldError.Type> BLOCKING = EnumSet.of(
            FieldError.Type.NOT_SUPPORTED,
            FieldError.Type.REQUIRED,
            FieldError.Type.TOO_LONG,
            FieldError.Type.TOO_MANY,
            FieldError.Type.TYPE_INVALID);

    private final CelCompiler compiler;

    /**
     * Rules.
     *
     * @param compiler compiles them; isn't called before the first rule
     */
    public CustomRules(CelCompiler compiler) {
        this.compiler = compiler;
    }

    /** What compiles rules. */
    CelCompiler compiler() {
        return compiler;
    }

    /**
     * Asks an object's rules.
     *
     * @param kind its schema
     * @param object the object
     * @param old what it takes the place of, null for a new one
     * @param errors what is wrong by now; is given what is wrong by rules
     * @param warnings is given what is wrong with what a change leaves as it was
     */
    void check(
            KindSchema kind,
            ObjectNode object,
            @Nullable ObjectNode old,
            List<FieldError> errors,
            Consumer<String> warnings) {
        RuleNode rules = kind.rules();
        if (rules == null) {
            return;
        }
        if (errors.stream().anyMatch(error -> BLOCKING.contains(error.type()))) {
            errors.add(
                    new FieldError(
                            FieldError.Type.INVALID,
                            "<nil>",
                            null,
                            "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"));
            return;
        }
        Correlated correlated = old == null ? null : new Correlated(kind.tree(), object, old);
        new RuleRun(compiler, CelLimits.REQUEST_BUDGET, errors, warnings).value(rules, object, "", old, correlated);
    }
}
