package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which writes webhooks and policies want to see. Stateless. */
final class RuleChecks {
    private static final String[] OPERATIONS = {"*", "CONNECT", "CREATE", "DELETE", "UPDATE"};
    private static final String[] MUTATING = {"*", "CONNECT", "CREATE", "UPDATE"};

    private RuleChecks() {}

    static void rule(At rule) {
        At operations = rule.field("operations");
        list(operations, "if '*' is present, must not specify other operations");
        for (At operation : operations.items()) {
            if (!List.of(OPERATIONS).contains(operation.text())) {
                operation.unsupported(OPERATIONS);
            }
        }
        list(rule.field("apiGroups"), "if '*' is present, must not specify other API groups");
        At versions = rule.field("apiVersions");
        list(versions, "if '*' is present, must not specify other API versions");
        versions.items().forEach(At::needed);
        resources(rule.field("resources"));
        At scope = rule.field("scope");
        if (scope.present() && !List.of("*", "Cluster", "Namespaced").contains(scope.text())) {
            scope.unsupported("*", "Cluster", "Namespaced");
        }
    }

    private static void list(At list, String others) {
        list.needed();
        boolean any = list.items().stream().anyMatch(one -> one.text().equals("*"));
        if (any && list.node().size() > 1) {
            list.invalid(others);
        }
    }

    private static void resources(At resources) {
        resources.needed();
        Set<String> wholeBelow = new HashSet<>();
        Set<String> wholeAbove = new HashSet<>();
        boolean all = false;
        boolean any = false;
        boolean plain = false;
        for (At resource : resources.items()) {
            String text = resource.text();
            if (!resource.needed()) {
                continue;
            }
            all |= text.equals("*/*");
            any |= text.equals("*");
            int slash = text.indexOf('/');
            if (slash < 0) {
                plain = !text.equals("*");
                continue;
            }
            String above = text.substring(0, slash);
            String below = text.substring(slash + 1);
            if (wholeBelow.contains(above)) {
                resource.invalid("if '" + above + "/*' is present, must not specify " + text);
            }
            if (wholeAbove.contains(below)) {
                resource.invalid("if '*/" + below + "' is present, must not specify " + text);
            }
            if (below.equals("*")) {
                wholeBelow.add(above);
            }
            if (above.equals("*")) {
                wholeAbove.add(below);
            }
        }
        if (all && resources.node().size() > 1) {
            resources.invalid("if '*/*' is present, must not specify other resources");
        }
        if (any && plain) {
            resources.invalid("if '*' is present, must not specify other resources without subresources");
        }
    }

    static void matchResources(At match) {
        At policy = match.field("matchPolicy");
        if (policy.absent()) {
            policy.required("");
        } else if (!List.of("Equivalent", "Exact").contains(policy.text())) {
            policy.unsupported("Equivalent", "Exact");
        }
        for (String selector : List.of("namespaceSelector", "objectSelector")) {
            At at = match.field(selector);
            if (at.absent()) {
                at.required("");
            } else {
                Selectors.labelSelector(at);
            }
        }
        match.field("resourceRules").items().forEach(RuleChecks::named);
        match.field("excludeResourceRules").items().forEach(RuleChecks::named);
    }

    private static void named(At rule) {
        Set<String> seen = new HashSet<>();
        for (At name : rule.field("resourceNames").items()) {
            name.each(Names::pathSegment);
            if (!seen.add(name.text())) {
                name.duplicate();
            }
        }
        rule(rule);
    }

    /** What goes can't be changed. */
    static void noDeletes(At match) {
        for (At rule : match.field("resourceRules").items()) {
            for (At operation : rule.field("operations").items()) {
                if (!List.of(MUTATING).contains(operation.text())) {
                    match.field("resourceRules", "operations").unsupported(operation.node(), MUTATING);
                }
            }
        }
    }
}
