package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.subresource.Selectors;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a webhook or policy wants to see a write, and in which version. Stateless but for what it reads of the cluster. */
public final class Matching {
    /** What configures webhooks and policies is never shown to them, or nobody could take a broken one away. */
    private static final Set<String> EXEMPT = Set.of(
            "mutatingwebhookconfigurations",
            "validatingwebhookconfigurations",
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings");

    private final Lookups lookups;
    private final Forms forms;

    /**
     * Matches with what it reads.
     *
     * @param lookups finds namespaces
     * @param forms knows resources' other versions
     */
    public Matching(Lookups lookups, Forms forms) {
        this.lookups = lookups;
        this.forms = forms;
    }

    /**
     * Tells whether a write is shown to no webhook and policy.
     *
     * @param write the write
     * @return whether it is
     */
    public static boolean exempt(Admitting write) {
        return write.resource().group().equals("admissionregistration.k8s.io")
                && EXEMPT.contains(write.resource().plural());
    }

    /** The version in which a webhook wants to see a write, null where it does not. */
    @Nullable
    ApiResource webhook(ObjectNode webhook, Admitting write) {
        boolean equivalent = !Tree.text(webhook, "matchPolicy").equals("Exact");
        ApiResource as = rules(Tree.objects(webhook, "rules"), equivalent, write);
        return as != null && selected(webhook, write) ? as : null;
    }

    /**
     * The version in which a policy or binding wants to see a write.
     *
     * @param match its matchConstraints or matchResources; an absent one wants all
     * @param write the write
     * @return the version, null where it does not want to see it
     */
    public @Nullable ApiResource policy(JsonNode match, Admitting write) {
        if (!selected(match, write)) {
            return null;
        }
        boolean equivalent = !Tree.text(match, "matchPolicy").equals("Exact");
        if (rules(Tree.objects(match, "excludeResourceRules"), equivalent, write) != null) {
            return null;
        }
        List<ObjectNode> rules = Tree.objects(match, "resourceRules");
        return rules.isEmpty() ? write.resource() : rules(rules, equivalent, write);
    }

    private @Nullable ApiResource rules(List<ObjectNode> rules, boolean equivalent, Admitting write) {
        for (ObjectNode rule : rules) {
            if (rule(rule, write.resource(), write)) {
                return write.resource();
            }
        }
        if (equivalent && !rules.isEmpty()) {
            List<ApiResource> others = forms.equivalents(write.resource());
            for (ObjectNode rule : rules) {
                for (ApiResource other : others) {
                    if (rule(rule, other, write)) {
                        return other;
                    }
                }
            }
        }
        return null;
    }

    private static boolean rule(ObjectNode rule, ApiResource as, Admitting write) {
        String sub = write.subresource();
        boolean resource =
                Tree.texts(rule, "resources").stream().anyMatch(wanted -> resource(wanted, as.plural(), sub));
        boolean inside = !write.namespace().isEmpty() && !write.resource().is("", "namespaces");
        boolean inScope = switch (Tree.text(rule, "scope")) {
            case "Namespaced" -> inside;
            case "Cluster" -> !inside;
            default -> true;
        };
        List<String> names = Tree.texts(rule, "resourceNames");
        return resource
                && inScope
                && (names.isEmpty() || names.contains(write.name()))
                && any(Tree.texts(rule, "operations"), write.operation().name())
                && any(Tree.texts(rule, "apiGroups"), as.group())
                && any(Tree.texts(rule, "apiVersions"), as.version());
    }

    /** {@code pods}, {@code pods/log}, {@code pods/*}, {@code *}{@code /log}, {@code *} and {@code *}{@code /*}. */
    private static boolean resource(String wanted, String plural, String subresource) {
        int slash = wanted.indexOf('/');
        String name = slash < 0 ? wanted : wanted.substring(0, slash);
        String below = slash < 0 ? "" : wanted.substring(slash + 1);
        boolean named = name.equals("*") || name.equals(plural);
        return named && (below.equals("*") || below.equals(subresource));
    }

    private static boolean any(List<String> wanted, String value) {
        return wanted.contains("*") || wanted.contains(value);
    }

    private boolean selected(JsonNode selectors, Admitting write) {
        return namespace(Tree.at(selectors, "namespaceSelector"), write)
                && object(Tree.at(selectors, "objectSelector"), write);
    }

    private boolean namespace(JsonNode selector, Admitting write) {
        boolean itself = write.resource().is("", "namespaces");
        if (selector.isEmpty() || (write.namespace().isEmpty() && !itself)) {
            // Cluster-wide resources are in no namespace that a selector could leave out.
            return true;
        }
        boolean written = write.operation() == Operation.CREATE || write.operation() == Operation.UPDATE;
        ObjectNode labelled = itself && written && write.subresource().isEmpty()
                ? write.object()
                : lookups.find("", "namespaces", "", itself ? write.name() : write.namespace());
        return labelled != null && Selectors.matches(selector, labelled);
    }

    private static boolean object(JsonNode selector, Admitting write) {
        if (selector.isEmpty()) {
            return true;
        }
        ObjectNode object = write.object();
        ObjectNode old = write.old();
        return (object != null && Selectors.matches(selector, object))
                || (old != null && Selectors.matches(selector, old));
    }
}
