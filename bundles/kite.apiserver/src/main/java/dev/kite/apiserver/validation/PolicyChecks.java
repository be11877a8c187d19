package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.cel.CelNames;
import dev.kite.model.validation.Names;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What admission policies must be. Immutable. */
final class PolicyChecks {
    private static final int MOST_ANNOTATIONS = 20;
    private static final int LONGEST_VALUE = 5 * 1024;
    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");

    private final AdmissionExpressions expressions;
    private final @Nullable At before;

    PolicyChecks(AdmissionExpressions expressions, @Nullable At before) {
        this.expressions = expressions;
        this.before = before;
    }

    void validating(At policy) {
        At spec = policy.field("spec");
        boolean params = common(spec);
        AdmissionExpressions.Policy compiler =
                expressions.policy(params, !spec.field("variables").empty());
        conditions(spec, params);
        variables(spec, compiler);
        At validations = spec.field("validations");
        At annotations = spec.field("auditAnnotations");
        if (validations.empty() && annotations.empty()) {
            validations.required("validations or auditAnnotations must contain at least one item");
            annotations.required("validations or auditAnnotations must contain at least one item");
            return;
        }
        validations.items().forEach(validation -> validation(validation, compiler));
        annotations(policy.field("metadata", "name").text(), annotations, compiler);
    }

    void mutating(At policy) {
        At spec = policy.field("spec");
        boolean params = common(spec);
        RuleChecks.noDeletes(spec.field("matchConstraints"));
        AdmissionExpressions.Policy compiler = expressions.policy(params, true);
        conditions(spec, params);
        variables(spec, compiler);
        At mutations = spec.field("mutations");
        if (mutations.empty()) {
            mutations.required("mutations must contain at least one item");
        }
        mutations.items().forEach(mutation -> mutation(mutation, compiler));
        spec.field("reinvocationPolicy").neededOneOf("IfNeeded", "Never");
    }

    /** Whether it has parameters. */
    private static boolean common(At spec) {
        At failure = spec.field("failurePolicy");
        if (failure.absent()) {
            failure.required("");
        } else if (!List.of("Fail", "Ignore").contains(failure.text())) {
            failure.unsupported("Fail", "Ignore");
        }
        boolean params = spec.field("paramKind").present();
        if (params) {
            AdmissionChecks.paramKind(spec.field("paramKind"));
        }
        At match = spec.field("matchConstraints");
        if (match.absent()) {
            match.required("");
        } else {
            RuleChecks.matchResources(match);
            match.field("resourceRules").needed();
        }
        return params;
    }

    private void conditions(At spec, boolean params) {
        At old = before == null ? null : before.field("spec");
        boolean kept = old != null
                && spec.field("paramKind").same(old.field("paramKind"))
                && spec.field("matchConditions").same(old.field("matchConditions"));
        if (!kept) {
            AdmissionChecks.conditions(spec.field("matchConditions"), expressions, params);
        }
    }

    private static void variables(At spec, AdmissionExpressions.Policy compiler) {
        for (At variable : spec.field("variables").items()) {
            At name = variable.field("name");
            if (name.text().isBlank()) {
                name.required("name is not specified");
            } else if (!IDENTIFIER.matcher(name.text()).matches() || CelNames.isReserved(name.text())) {
                name.invalid("must be a valid CEL identifier");
            }
            At expression = variable.field("expression");
            if (expression.text().isBlank()) {
                expression.required("expression is not specified");
            } else {
                AdmissionChecks.told(expression, expression.text(), compiler.variable(name.text(), expression.text()));
            }
        }
    }

    private static void validation(At validation, AdmissionExpressions.Policy compiler) {
        At expression = validation.field("expression");
        if (expression.text().isBlank()) {
            expression.required("expression is not specified");
        } else {
            AdmissionChecks.told(expression, expression.text(), compiler.validation(expression.text()));
        }
        At computed = validation.field("messageExpression");
        if (!computed.empty()) {
            if (computed.text().isBlank()) {
                computed.invalid("must be non-empty if specified");
            } else {
                AdmissionChecks.told(computed, computed.text(), compiler.message(computed.text()));
            }
        }
        At message = validation.field("message");
        String trimmed = message.text().strip();
        if (!message.empty() && trimmed.isEmpty()) {
            message.invalid("must be non-empty if specified");
        } else if (trimmed.indexOf('\n') >= 0 || trimmed.indexOf('\r') >= 0) {
            message.invalid("must not contain line breaks");
        }
        At reason = validation.field("reason");
        if (reason.present()
                && !List.of("Forbidden", "Invalid", "RequestEntityTooLarge").contains(reason.text())) {
            reason.unsupported("Forbidden", "Invalid", "RequestEntityTooLarge");
        }
    }

    private static void annotations(String policy, At annotations, AdmissionExpressions.Policy compiler) {
        if (annotations.items().size() > MOST_ANNOTATIONS) {
            annotations.invalid(
                    shown(annotations), "must not have more than " + MOST_ANNOTATIONS + " auditAnnotations");
        }
        Set<String> keys = new HashSet<>();
        for (At annotation : annotations.items()) {
            At key = annotation.field("key");
            if (policy.isEmpty()) {
                key.invalid("requires metadata.name be non-empty");
            } else {
                String name = policy + "/" + key.text();
                Names.qualifiedName(name).forEach(wrong -> key.invalid(name, wrong));
            }
            At value = annotation.field("valueExpression");
            String trimmed = value.text().strip();
            if (trimmed.isEmpty()) {
                value.required("valueExpression is not specified");
            } else if (trimmed.getBytes(StandardCharsets.UTF_8).length > LONGEST_VALUE) {
                value.required("must not exceed " + LONGEST_VALUE + " bytes in length");
            } else {
                AdmissionChecks.told(value, value.text(), compiler.annotation(trimmed));
            }
            if (!keys.add(key.text())) {
                key.duplicate();
            }
        }
    }

    /** Upstream shows them under its internal names. */
    private static ArrayNode shown(At annotations) {
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        for (At annotation : annotations.items()) {
            shown.addObject()
                    .put("Key", annotation.field("key").text())
                    .put("ValueExpression", annotation.field("valueExpression").text());
        }
        return shown;
    }

    private static void mutation(At mutation, AdmissionExpressions.Policy compiler) {
        At type = mutation.field("patchType");
        if (!type.needed()) {
            return;
        }
        At apply = mutation.field("applyConfiguration");
        At patch = mutation.field("jsonPatch");
        switch (type.text()) {
            case "JSONPatch" -> {
                patch(
                        patch,
                        "must be specified when patchType is JSONPatch",
                        compiler,
                        AdmissionExpressions.Patch.JSON_PATCH);
                if (apply.present()) {
                    apply.invalid("{applyConfiguration}", "must not be specified when patchType is JSONPatch");
                }
            }
            case "ApplyConfiguration" -> {
                patch(
                        apply,
                        "must be specified when patchType is ApplyConfiguration",
                        compiler,
                        AdmissionExpressions.Patch.APPLY_CONFIGURATION);
                if (patch.present()) {
                    patch.invalid("{jsonPatch}", "must not be specified when patchType is ApplyConfiguration");
                }
            }
            default -> type.unsupported("ApplyConfiguration", "JSONPatch");
        }
    }

    private static void patch(
            At patch, String missing, AdmissionExpressions.Policy compiler, AdmissionExpressions.Patch kind) {
        if (patch.absent()) {
            patch.required(missing);
            return;
        }
        At expression = patch.field("expression");
        String trimmed = expression.text().strip();
        if (trimmed.isEmpty()) {
            expression.required("");
        } else {
            AdmissionChecks.told(expression, trimmed, compiler.mutation(trimmed, kind));
        }
    }
}
