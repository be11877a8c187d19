package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.policy.Evaluation.OutOfBudgetException;
import dev.kite.apiserver.policy.Evaluation.Outcome;
import dev.kite.apiserver.tree.Tree;
import dev.kite.cel.CelBudget;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelLimits;
import dev.kite.cel.CelResult;
import dev.kite.cel.CelType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A ValidatingAdmissionPolicy's expressions, compiled.
 *
 * @param ignorable whether failures are passed over
 * @param variables its variables
 * @param conditions what must hold before anything is checked
 * @param checks the validations, in order
 * @param annotations the audit annotations, in order
 */
record Validations(
        boolean ignorable,
        Composition variables,
        MatchConditions conditions,
        List<Check> checks,
        List<Annotation> annotations) {
    /** Copies. */
    Validations {
        checks = List.copyOf(checks);
        annotations = List.copyOf(annotations);
    }

    /** One validation; the message's expression may be null, texts are empty where there are none. */
    record Check(Compiled expression, @Nullable Compiled messageExpression, String message, String reason) {}

    /** One audit annotation. */
    record Annotation(String key, Compiled value) {}

    /**
     * A validation that does not hold, or fails.
     *
     * @param index its place among all that were decided
     * @param reason the Status reason, empty for a failure
     */
    record Denial(int index, String message, String reason) {}

    /** An annotation's value, or why it has none. */
    record Noted(String key, String value, String error) {}

    /** What a policy says of a write with one parameter. */
    record Findings(List<Denial> denials, List<Noted> annotations) {
        private static final Findings NONE = new Findings(List.of(), List.of());
    }

    static Validations of(CelCompiler compiler, Policy<?> policy) {
        boolean params = policy.hasParams();
        CelEnvironment all = Environments.of(params, true);
        Composition variables = Composition.of(compiler, all, Tree.objects(policy.spec(), "variables"));
        CelEnvironment composed = variables.within(all);
        CelEnvironment messages = variables.within(Environments.of(params, false));
        List<Check> checks = new ArrayList<>();
        for (ObjectNode validation : Tree.objects(policy.spec(), "validations")) {
            String message = Tree.text(validation, "messageExpression");
            checks.add(new Check(
                    Compiled.of(compiler, Tree.text(validation, "expression"), composed, CelType.BOOL),
                    message.isEmpty() ? null : Compiled.of(compiler, message, messages, CelType.STRING),
                    Tree.text(validation, "message").strip(),
                    Tree.text(validation, "reason")));
        }
        List<Annotation> annotations = new ArrayList<>();
        for (ObjectNode annotation : Tree.objects(policy.spec(), "auditAnnotations")) {
            annotations.add(new Annotation(
                    Tree.text(annotation, "key"),
                    Compiled.of(
                            compiler,
                            Tree.text(annotation, "valueExpression"),
                            composed,
                            CelType.STRING,
                            CelType.NULL)));
        }
        return new Validations(
                policy.ignorable(),
                variables,
                MatchConditions.of(compiler, Tree.at(policy.spec(), "matchConditions"), composed),
                checks,
                annotations);
    }

    /** Asks the policy. */
    Findings ask(Map<String, @Nullable Object> inputs, Budgets budgets) {
        CelBudget forConditions = budgets.conditions();
        MatchConditions.Verdict verdict = conditions.match(variables.bind(inputs, forConditions), forConditions);
        if (verdict.failed()) {
            return failure(verdict.error());
        }
        if (!verdict.matches()) {
            return Findings.NONE;
        }
        CelBudget budget = budgets.expressions();
        List<Outcome> outcomes;
        try {
            outcomes = Evaluation.all(
                    checks.stream().<@Nullable Compiled>map(Check::expression).toList(),
                    variables.bind(inputs, budget),
                    budget);
        } catch (OutOfBudgetException e) {
            return failure(String.valueOf(e.getMessage()));
        }
        List<Denial> denials = denials(outcomes, inputs, budget);
        CelBudget more = budgets.expressions();
        try {
            return new Findings(denials, annotations(variables.bind(inputs, more), more));
        } catch (OutOfBudgetException e) {
            return failure(String.valueOf(e.getMessage()));
        }
    }

    private Findings failure(String why) {
        return ignorable ? Findings.NONE : new Findings(List.of(new Denial(0, why, "")), List.of());
    }

    private List<Denial> denials(List<Outcome> outcomes, Map<String, @Nullable Object> inputs, CelBudget budget) {
        List<Outcome> messages;
        String broken = "";
        try {
            messages = messages(inputs, budget);
        } catch (OutOfBudgetException e) {
            messages = List.of();
            broken = "failed messageExpression: " + e.getMessage();
        }
        List<Denial> denials = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            String failure = outcome.failed() ? outcome.error() : broken;
            if (!failure.isEmpty()) {
                if (!ignorable) {
                    denials.add(new Denial(i, failure, ""));
                }
            } else if (outcome.result() == null || !outcome.result().isTrue()) {
                Check check = checks.get(i);
                denials.add(new Denial(
                        i,
                        message(check, messages.get(i).result()),
                        check.reason().isEmpty() ? "Invalid" : check.reason()));
            }
        }
        return denials;
    }

    /** Messages are made whether they are needed or not: what they cost is part of the policy's cost. */
    private List<Outcome> messages(Map<String, @Nullable Object> inputs, CelBudget budget) throws OutOfBudgetException {
        List<@Nullable Compiled> expressions = new ArrayList<>();
        checks.forEach(check -> expressions.add(check.messageExpression()));
        return Evaluation.all(expressions, variables.bind(Inputs.withoutAuthorizer(inputs), budget), budget);
    }

    private static String message(Check check, @Nullable CelResult made) {
        if (made != null && made.value() instanceof String text) {
            String stripped = text.strip();
            boolean fits = stripped.getBytes(StandardCharsets.UTF_8).length <= CelLimits.MAX_MESSAGE_BYTES
                    && stripped.indexOf('\n') < 0;
            if (fits && !stripped.isEmpty()) {
                return stripped;
            }
        }
        return check.message().isEmpty()
                ? "failed expression: " + check.expression().source().strip()
                : check.message();
    }

    private List<Noted> annotations(Map<String, Object> bindings, CelBudget budget) throws OutOfBudgetException {
        List<Noted> noted = new ArrayList<>();
        for (Annotation annotation : annotations) {
            Outcome outcome = Evaluation.one(annotation.value(), bindings, budget);
            if (outcome.failed()) {
                if (!ignorable) {
                    noted.add(new Noted(annotation.key(), "", outcome.error()));
                }
            } else if (outcome.result() != null && outcome.result().value() instanceof String text) {
                if (!text.isBlank()) {
                    noted.add(new Noted(annotation.key(), text.strip(), ""));
                }
            } else if (outcome.result() != null && outcome.result().value() != null) {
                noted.add(new Noted(
                        annotation.key(),
                        "",
                        "valueExpression '" + annotation.value().source()
                                + "' resulted in unsupported return type: "
                                + outcome.result().type() + ". Return type must be either string or null."));
            }
        }
        return noted;
    }
}
