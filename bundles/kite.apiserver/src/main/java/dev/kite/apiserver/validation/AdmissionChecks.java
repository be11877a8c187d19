package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.validation.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What webhook configurations, admission policies and their bindings must be beside their metadata, with the expressions in them. Stateless. */
public final class AdmissionChecks {
    private static final String[] REINVOCATION = {"IfNeeded", "Never"};
    private static final List<String> SILENT = List.of("None", "NoneOnDryRun");
    private static final List<String> REVIEWS = List.of("v1", "v1beta1");

    private final AdmissionExpressions expressions;
    private final List<FieldError> errors = new ArrayList<>();

    private AdmissionChecks(AdmissionExpressions expressions) {
        this.expressions = expressions;
    }

    /**
     * Checks an object of admissionregistration.k8s.io whose values have their types.
     *
     * @param kind its kind
     * @param object the object as it shall be
     * @param old as it is, null for a new one
     * @param expressions compiles expressions
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> check(
            String kind, ObjectNode object, @Nullable ObjectNode old, AdmissionExpressions expressions) {
        AdmissionChecks checks = new AdmissionChecks(expressions);
        At root = At.root(checks.errors, object);
        At before = old == null ? null : At.root(new ArrayList<>(), old);
        switch (kind) {
            case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration" -> checks.webhooks(root, before);
            case "ValidatingAdmissionPolicy" -> checks.policies(before).validating(root);
            case "MutatingAdmissionPolicy" -> checks.policies(before).mutating(root);
            case "ValidatingAdmissionPolicyBinding" -> validatingBinding(root.field("spec"));
            case "MutatingAdmissionPolicyBinding" -> mutatingBinding(root.field("spec"));
            default -> {}
        }
        return checks.errors;
    }

    private PolicyChecks policies(@Nullable At before) {
        return new PolicyChecks(expressions, before);
    }

    private void webhooks(At configuration, @Nullable At before) {
        List<At> old = before == null ? List.of() : before.field("webhooks").items();
        boolean silent = old.stream()
                .allMatch(hook -> SILENT.contains(hook.field("sideEffects").text()));
        boolean known = old.stream()
                .map(hook -> hook.field("admissionReviewVersions"))
                .allMatch(versions -> versions.empty() || knows(versions));
        boolean unique =
                old.stream().map(hook -> hook.field("name").text()).distinct().count() == old.size();
        boolean strict = old.stream().allMatch(AdmissionChecks::goodSelectors);
        List<At> hooks = configuration.field("webhooks").items();
        boolean sameConditions = before != null && sameConditions(hooks, old);
        Set<String> names = new HashSet<>();
        for (At hook : hooks) {
            webhook(hook, silent, strict);
            if (!sameConditions) {
                conditions(hook.field("matchConditions"), expressions, false);
            }
            versions(hook.field("admissionReviewVersions"), known);
            At name = hook.field("name");
            if (unique && !name.empty() && !names.add(name.text())) {
                name.duplicate();
            }
        }
    }

    private static boolean sameConditions(List<At> hooks, List<At> old) {
        if (hooks.size() != old.size()) {
            return false;
        }
        for (int i = 0; i < hooks.size(); i++) {
            if (!hooks.get(i).field("matchConditions").same(old.get(i).field("matchConditions"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean goodSelectors(At hook) {
        At tried = At.root(new ArrayList<>(), hook.node());
        Selectors.labelSelector(tried.field("namespaceSelector"));
        Selectors.labelSelector(tried.field("objectSelector"));
        return tried.errors().isEmpty();
    }

    private static void webhook(At hook, boolean silent, boolean strictSelectors) {
        At name = hook.field("name");
        if (name.needed()) {
            List<String> wrong = Names.dnsSubdomain(name.text());
            if (!wrong.isEmpty()) {
                name.invalid(String.join(",", wrong));
            } else if (name.text().split("\\.", -1).length < 3) {
                name.invalid("should be a domain with at least three segments separated by dots");
            }
        }
        hook.field("rules").items().forEach(RuleChecks::rule);
        hook.field("failurePolicy").oneOf("Fail", "Ignore");
        hook.field("matchPolicy").oneOf("Equivalent", "Exact");
        String[] effects =
                silent ? SILENT.toArray(String[]::new) : new String[] {"None", "NoneOnDryRun", "Some", "Unknown"};
        At sideEffects = hook.field("sideEffects");
        if (sideEffects.absent()) {
            sideEffects.required("must specify one of " + String.join(", ", effects));
        } else if (!List.of(effects).contains(sideEffects.text())) {
            sideEffects.unsupported(effects);
        }
        At timeout = hook.field("timeoutSeconds");
        if (timeout.present() && (timeout.number() > 30 || timeout.number() < 1)) {
            timeout.invalid("the timeout value must be between 1 and 30 seconds");
        }
        if (strictSelectors) {
            Selectors.labelSelector(hook.field("namespaceSelector"));
            Selectors.labelSelector(hook.field("objectSelector"));
        }
        hook.field("reinvocationPolicy").oneOf(REINVOCATION);
        WebhookClientChecks.client(hook.field("clientConfig"), "exactly one of url or service is required");
    }

    private static boolean knows(At versions) {
        return Tree.texts(versions.node()).stream().anyMatch(REVIEWS::contains);
    }

    private static void versions(At versions, boolean known) {
        if (versions.empty()) {
            versions.required("must specify one of v1, v1beta1");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (At version : versions.items()) {
            if (!seen.add(version.text())) {
                version.invalid("duplicate version");
            } else {
                version.each(Names::dns1035Label);
            }
        }
        if (known && !knows(versions)) {
            versions.invalid("must include at least one of v1, v1beta1");
        }
    }

    static void conditions(At conditions, AdmissionExpressions expressions, boolean params) {
        List<At> items = conditions.items();
        if (items.size() > 64) {
            conditions.tooMany(64);
        }
        Set<String> names = new HashSet<>();
        for (At condition : items) {
            At expression = condition.field("expression");
            String trimmed = expression.text().strip();
            if (trimmed.isEmpty()) {
                expression.required("");
            } else {
                told(expression, trimmed, expressions.condition(trimmed, params));
            }
            At name = condition.field("name");
            if (name.needed()) {
                name.each(Names::qualifiedName);
                if (!names.add(name.text())) {
                    name.duplicate();
                }
            }
        }
    }

    /** Notes what is wrong with an expression, if something is. */
    static void told(At at, String shown, String wrong) {
        if (!wrong.isEmpty()) {
            at.invalid(shown, wrong);
        }
    }

    static void paramKind(At kind) {
        At apiVersion = kind.field("apiVersion");
        if (apiVersion.needed()) {
            groupVersion(apiVersion);
        }
        At name = kind.field("kind");
        if (name.needed()) {
            List<String> wrong = Names.dns1035Label(name.text().toLowerCase(Locale.ROOT));
            if (!wrong.isEmpty()) {
                name.invalid("may have mixed case, but should otherwise match: " + String.join(",", wrong));
            }
        }
    }

    private static void groupVersion(At apiVersion) {
        String text = apiVersion.text();
        int slash = text.indexOf('/');
        if (slash >= 0 && text.indexOf('/', slash + 1) >= 0) {
            apiVersion.invalid("unexpected GroupVersion string: " + text);
            return;
        }
        String group = slash < 0 || text.equals("/") ? "" : text.substring(0, slash);
        String version = text.equals("/") ? "" : text.substring(slash + 1);
        if (!group.isEmpty()) {
            List<String> wrong = Names.dnsSubdomain(group);
            if (!wrong.isEmpty()) {
                apiVersion.invalid(group, String.join(",", wrong));
            }
        }
        if (version.isEmpty()) {
            apiVersion.invalid("version must be specified");
        } else {
            List<String> wrong = Names.dns1035Label(version);
            if (!wrong.isEmpty()) {
                apiVersion.invalid(version, String.join(",", wrong));
            }
        }
    }

    private static void validatingBinding(At spec) {
        binding(spec);
        At actions = spec.field("validationActions");
        Set<String> seen = new HashSet<>();
        for (At action : actions.items()) {
            if (!List.of("Audit", "Deny", "Warn").contains(action.text())) {
                action.unsupported("Audit", "Deny", "Warn");
            }
            if (!seen.add(action.text())) {
                action.duplicate();
            }
        }
        if (seen.contains("Deny") && seen.contains("Warn")) {
            actions.invalid("must not contain both Deny and Warn (repeating the same validation failure information in"
                    + " the API response and headers serves no purpose)");
        }
        if (seen.isEmpty()) {
            actions.required("at least one validation action is required");
        }
    }

    private static void mutatingBinding(At spec) {
        binding(spec);
        RuleChecks.noDeletes(spec.field("matchResources"));
    }

    private static void binding(At spec) {
        At policy = spec.field("policyName");
        if (policy.needed()) {
            policy.each(Names::dnsSubdomain);
        }
        At reference = spec.field("paramRef");
        if (reference.present()) {
            paramRef(reference);
        }
        if (spec.field("matchResources").present()) {
            RuleChecks.matchResources(spec.field("matchResources"));
        }
    }

    private static void paramRef(At reference) {
        At name = reference.field("name");
        At selector = reference.field("selector");
        if (!name.empty()) {
            name.each(Names::pathSegment);
            if (selector.present()) {
                name.forbidden("name and selector are mutually exclusive");
            }
        }
        if (selector.present()) {
            Selectors.labelSelector(selector);
            if (!name.empty()) {
                selector.forbidden("name and selector are mutually exclusive");
            }
        }
        if (name.empty() && selector.absent()) {
            reference.required("one of name or selector must be specified");
        }
        At action = reference.field("parameterNotFoundAction");
        if (action.needed()) {
            action.oneOf("Deny", "Allow");
        }
    }

    /**
     * Checks the status of a ValidatingAdmissionPolicy.
     *
     * @param policy the policy
     */
    static void policyStatus(At policy) {
        for (At warning :
                policy.field("status", "typeChecking", "expressionWarnings").items()) {
            warning.field("warning").needed();
            warning.field("fieldRef").needed();
        }
    }
}
