package dev.kite.security.rbac;

import dev.kite.api.security.Attributes;
import dev.kite.security.PolicyRule;
import java.util.List;

/** Whether a rule allows a request: Kubernetes' semantics of RBAC, as pure functions. */
public final class RuleMatch {
    private static final String ALL = "*";

    private RuleMatch() {}

    /**
     * Tells whether one of several rules allows a request.
     *
     * @param rules the rules
     * @param asked what is asked for
     * @return whether one allows it
     */
    public static boolean anyAllows(List<PolicyRule> rules, Attributes asked) {
        for (PolicyRule rule : rules) {
            if (allows(rule, asked)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells whether a rule allows a request.
     *
     * @param rule the rule
     * @param asked what is asked for
     * @return whether it allows it
     */
    public static boolean allows(PolicyRule rule, Attributes asked) {
        if (!has(rule.verbs(), asked.verb())) {
            return false;
        }
        return asked.resourceRequest()
                ? has(rule.apiGroups(), asked.apiGroup())
                        && resource(rule.resources(), asked.resource(), asked.subresource())
                        && (rule.resourceNames().isEmpty()
                                || rule.resourceNames().contains(asked.name()))
                : url(rule.nonResourceUrls(), asked.path());
    }

    static boolean has(List<String> allowed, String wanted) {
        return allowed.contains(wanted) || allowed.contains(ALL);
    }

    /** {@code *} covers subresources too; {@code *}{@code /scale} is the subresource of every resource; {@code pods} is not {@code pods/log}. */
    static boolean resource(List<String> allowed, String resource, String subresource) {
        for (String pattern : allowed) {
            if (pattern.equals(ALL)) {
                return true;
            }
            if (subresource.isEmpty() ? pattern.equals(resource) : subresource(pattern, resource, subresource)) {
                return true;
            }
        }
        return false;
    }

    private static boolean subresource(String pattern, String resource, String subresource) {
        int slash = pattern.length() - subresource.length() - 1;
        if (slash < 1 || pattern.charAt(slash) != '/' || !pattern.endsWith(subresource)) {
            return false;
        }
        return (slash == 1 && pattern.charAt(0) == '*') || (slash == resource.length() && pattern.startsWith(resource));
    }

    static boolean url(List<String> allowed, String path) {
        for (String pattern : allowed) {
            if (pattern.equals(ALL) || pattern.equals(path)) {
                return true;
            }
            if (pattern.endsWith(ALL) && path.startsWith(pattern.substring(0, pattern.length() - 1))) {
                return true;
            }
        }
        return false;
    }
}
