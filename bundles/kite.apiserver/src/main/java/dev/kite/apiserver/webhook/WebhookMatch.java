package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.subresource.Selectors;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Set;

/** Whether a webhook wants to see a write. Stateless but for what it reads of the cluster. */
final class WebhookMatch {
    /** What configures webhooks is never shown to them, or nobody could take a broken one away. */
    private static final Set<String> EXEMPT = Set.of(
            "mutatingwebhookconfigurations",
            "validatingwebhookconfigurations",
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings");

    private final Lookups lookups;

    WebhookMatch(Lookups lookups) {
        this.lookups = lookups;
    }

    boolean matches(ObjectNode webhook, Admitting write) {
        if (write.resource().group().equals("admissionregistration.k8s.io")
                && EXEMPT.contains(write.resource().plural())) {
            return false;
        }
        return Tree.objects(webhook, "rules").stream().anyMatch(rule -> rule(rule, write))
                && namespace(Tree.at(webhook, "namespaceSelector"), write)
                && object(Tree.at(webhook, "objectSelector"), write);
    }

    static boolean rule(ObjectNode rule, Admitting write) {
        List<String> resources = Tree.texts(rule, "resources");
        String plural = write.resource().plural();
        String sub = write.subresource();
        boolean resource = resources.stream().anyMatch(wanted -> resource(wanted, plural, sub));
        String scope = Tree.text(rule, "scope");
        boolean inScope = switch (scope) {
            case "Namespaced" -> write.resource().namespaced();
            case "Cluster" -> !write.resource().namespaced();
            default -> true;
        };
        return resource
                && inScope
                && any(Tree.texts(rule, "operations"), write.operation().name())
                && any(Tree.texts(rule, "apiGroups"), write.resource().group())
                && any(Tree.texts(rule, "apiVersions"), write.resource().version());
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

    private boolean namespace(JsonNode selector, Admitting write) {
        if (selector.isEmpty()) {
            return true;
        }
        ObjectNode labelled = write.resource().is("", "namespaces")
                ? write.object() != null ? write.object() : write.old()
                : write.namespace().isEmpty() ? null : lookups.find("", "namespaces", "", write.namespace());
        // Cluster-wide resources are in no namespace that a selector could leave out.
        return labelled == null || Selectors.matches(selector, labelled);
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
