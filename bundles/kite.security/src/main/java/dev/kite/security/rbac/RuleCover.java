package dev.kite.security.rbac;

import dev.kite.security.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/** Whether rules cover others: who holds the first may grant the second. */
public final class RuleCover {
    private RuleCover() {}

    /**
     * Finds what is not covered. Each wanted rule is broken down to one verb, group, resource and name; each of these must be covered by one held rule.
     *
     * @param held the rules held
     * @param wanted the rules wanted
     * @return the broken-down rules that no held one covers
     */
    public static List<PolicyRule> uncovered(List<PolicyRule> held, List<PolicyRule> wanted) {
        List<PolicyRule> missing = new ArrayList<>();
        for (PolicyRule rule : wanted) {
            for (PolicyRule single : breakDown(rule)) {
                if (held.stream().noneMatch(owner -> covers(owner, single))) {
                    missing.add(single);
                }
            }
        }
        return missing;
    }

    static List<PolicyRule> breakDown(PolicyRule rule) {
        List<PolicyRule> singles = new ArrayList<>();
        for (String verb : rule.verbs()) {
            for (String group : rule.apiGroups()) {
                for (String resource : rule.resources()) {
                    List<String> names = rule.resourceNames().isEmpty() ? List.of("") : rule.resourceNames();
                    for (String name : names) {
                        singles.add(new PolicyRule(
                                List.of(verb),
                                List.of(group),
                                List.of(resource),
                                name.isEmpty() ? List.of() : List.of(name),
                                List.of()));
                    }
                }
            }
            for (String url : rule.nonResourceUrls()) {
                singles.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
            }
        }
        return singles;
    }

    private static boolean covers(PolicyRule owner, PolicyRule single) {
        if (!RuleMatch.has(owner.verbs(), single.verbs().getFirst())) {
            return false;
        }
        if (!single.nonResourceUrls().isEmpty()) {
            return RuleMatch.url(
                    owner.nonResourceUrls(), single.nonResourceUrls().getFirst());
        }
        String resource = single.resources().getFirst();
        int slash = resource.indexOf('/');
        boolean coversResource = slash < 0
                ? RuleMatch.has(owner.resources(), resource)
                : RuleMatch.resource(owner.resources(), resource.substring(0, slash), resource.substring(slash + 1));
        return coversResource
                && RuleMatch.has(owner.apiGroups(), single.apiGroups().getFirst())
                && names(owner.resourceNames(), single.resourceNames());
    }

    /** No names mean all names, which only a rule without names covers. */
    private static boolean names(List<String> owned, List<String> wanted) {
        return owned.isEmpty() || (!wanted.isEmpty() && owned.containsAll(wanted));
    }
}
