package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.AdmissionRule;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.policy.Validations.Denial;
import dev.kite.apiserver.policy.Validations.Findings;
import dev.kite.apiserver.policy.Validations.Noted;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.Seen;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the ValidatingAdmissionPolicies that are bound, all of them; the first denial has the word. Thread-safe. */
public final class ValidatingPolicies implements AdmissionRule {
    private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";
    private static final int LONGEST_ANNOTATION = 10 * 1024;

    private final PolicyContext with;
    private final PolicySource<Validations> source;

    /**
     * The rule.
     *
     * @param with what it works with
     */
    public ValidatingPolicies(PolicyContext with) {
        this.with = with;
        this.source = new PolicySource<>(
                with.store(),
                "validatingadmissionpolicies",
                "validatingadmissionpolicybindings",
                policy -> Validations.of(with.compiler(), policy));
    }

    @Override
    public String name() {
        return "ValidatingAdmissionPolicy";
    }

    @Override
    public void validate(Admitting write) {
        if (PolicyContext.passesBy(write)) {
            return;
        }
        List<PolicySource.Bound<Validations>> bound = source.bound();
        if (bound.isEmpty()) {
            return;
        }
        Asking asking = new Asking(write);
        bound.forEach(asking::ask);
        asking.finish();
    }

    /** One write on its way through the policies. */
    private final class Asking {
        private final Admitting write;
        private final RequestAuthorizer authorizer;
        private final Budgets budgets = new Budgets();
        private @Nullable StatusException refusal;

        Asking(Admitting write) {
            this.write = write;
            this.authorizer = with.authorizer(write);
        }

        void ask(PolicySource.Bound<Validations> bound) {
            Policy<Validations> policy = bound.policy();
            ApiResource as = with.matches(policy, write);
            if (as == null) {
                return;
            }
            ApiResource params;
            try {
                params = with.paramResource(policy);
            } catch (ConfigurationException e) {
                misconfigured(policy, "", "failed to configure policy: " + e.words());
                return;
            }
            Map<String, @Nullable Object> inputs = null;
            Map<String, Set<String>> annotations = new LinkedHashMap<>();
            for (ObjectNode binding : bound.bindings()) {
                if (!with.bound(binding, write)) {
                    continue;
                }
                List<JsonNode> found;
                try {
                    found = with.params(params, binding, write);
                } catch (ConfigurationException e) {
                    misconfigured(policy, name(binding), "failed to configure binding: " + e.words());
                    continue;
                }
                for (JsonNode param : found) {
                    if (inputs == null) {
                        ObjectNode namespace = Inputs.namespace(write, with.lookups());
                        inputs = Inputs.of(Seen.of(write, as, with.forms()), null, namespace, authorizer);
                    }
                    if (budgets.late()) {
                        misconfigured(policy, name(binding), "operation interrupted");
                        return;
                    }
                    Findings findings = policy.compiled().ask(Inputs.with(inputs, param), budgets);
                    act(policy, binding, findings, annotations);
                }
            }
            annotations.forEach((key, values) ->
                    write.intent().annotations().accept(policy.name() + "/" + key, String.join(", ", values)));
        }

        private void misconfigured(Policy<Validations> policy, String binding, String why) {
            if (!policy.ignorable()) {
                deny(policy, binding, why, "");
            }
        }

        private void act(
                Policy<Validations> policy,
                ObjectNode binding,
                Findings findings,
                Map<String, Set<String>> annotations) {
            List<String> actions = Tree.texts(binding, "spec", "validationActions");
            for (Denial denial : findings.denials()) {
                for (String action : actions) {
                    switch (action) {
                        case "Deny" -> deny(policy, name(binding), denial.message(), denial.reason());
                        case "Audit" ->
                            write.intent().annotations().accept(FAILURE, failure(policy, binding, denial, actions));
                        case "Warn" ->
                            write.intent()
                                    .warnings()
                                    .accept("Validation failed for ValidatingAdmissionPolicy '" + policy.name()
                                            + "' with binding '" + name(binding) + "': " + denial.message());
                        default -> {}
                    }
                }
            }
            for (Noted noted : findings.annotations()) {
                if (noted.error().isEmpty()) {
                    annotations
                            .computeIfAbsent(noted.key(), _ -> new LinkedHashSet<>())
                            .add(shortened(noted.value()));
                } else {
                    deny(policy, name(binding), noted.error(), "");
                }
            }
        }

        private void deny(Policy<Validations> policy, String binding, String why, String reason) {
            if (refusal == null) {
                String with = binding.isEmpty() ? "" : " with binding '" + binding + "'";
                refusal = refusal(
                        write,
                        "ValidatingAdmissionPolicy '" + policy.name() + "'" + with + " denied request: " + why,
                        reason.isEmpty() ? "Invalid" : reason);
            }
        }

        void finish() {
            if (refusal != null) {
                throw refusal;
            }
        }
    }

    private static String name(ObjectNode binding) {
        return Tree.text(binding, "metadata", "name");
    }

    private static String shortened(String value) {
        return value.length() > LONGEST_ANNOTATION ? value.substring(0, LONGEST_ANNOTATION) : value;
    }

    private static String failure(Policy<?> policy, ObjectNode binding, Denial denial, List<String> actions) {
        ArrayNode failures = JsonNodeFactory.instance.arrayNode();
        ObjectNode failure = failures.addObject()
                .put("message", denial.message())
                .put("policy", policy.name())
                .put("binding", name(binding))
                .put("expressionIndex", denial.index());
        actions.forEach(failure.putArray("validationActions")::add);
        return failures.toString();
    }

    /** A refusal in upstream's form: that of something forbidden, with the policy's reason. */
    private static StatusException refusal(Admitting write, String message, String reason) {
        int code = switch (reason) {
            case "Forbidden" -> 403;
            case "Unauthorized" -> 401;
            case "RequestEntityTooLarge" -> 413;
            default -> 422;
        };
        return Refusals.of(write, code, reason, message, List.of(new Cause("", message, "")));
    }
}
