package dev.kite.security.rbac;

import dev.kite.api.security.UserInfo;
import dev.kite.security.PolicyRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who has which role: roles by name, bindings by whom they name. Readers take no lock; writers are serialized by this object's monitor, under which nothing else is done.
 */
final class RoleIndex {
    private record BindingKey(String namespace, String name) {}

    private final ConcurrentMap<RoleKey, List<PolicyRule>> roles = new ConcurrentHashMap<>();
    private final ConcurrentMap<SubjectKey, List<Binding>> bySubject = new ConcurrentHashMap<>();
    private final Map<BindingKey, Binding> bindings = new HashMap<>();

    /** What is visited: a binding that holds and one of its role's rules. */
    interface Visitor {
        /** Returns whether to go on. */
        boolean rule(Binding binding, SubjectKey subject, PolicyRule rule);
    }

    void putRole(RoleKey key, List<PolicyRule> rules) {
        roles.put(key, rules);
    }

    void removeRole(RoleKey key) {
        roles.remove(key);
    }

    synchronized void putBinding(Binding binding) {
        removeBinding(binding.namespace(), binding.name());
        bindings.put(new BindingKey(binding.namespace(), binding.name()), binding);
        for (SubjectKey subject : binding.subjects()) {
            bySubject.merge(subject, List.of(binding), RoleIndex::append);
        }
    }

    synchronized void removeBinding(String namespace, String name) {
        Binding old = bindings.remove(new BindingKey(namespace, name));
        if (old != null) {
            for (SubjectKey subject : old.subjects()) {
                bySubject.computeIfPresent(subject, (_, list) -> without(list, old));
            }
        }
    }

    private static List<Binding> append(List<Binding> list, List<Binding> more) {
        // A binding may name the same subject twice.
        if (list.contains(more.getFirst())) {
            return list;
        }
        List<Binding> all = new ArrayList<>(list);
        all.addAll(more);
        return List.copyOf(all);
    }

    private static @org.jspecify.annotations.Nullable List<Binding> without(List<Binding> list, Binding old) {
        List<Binding> left =
                list.stream().filter(binding -> !binding.equals(old)).toList();
        return left.isEmpty() ? null : left;
    }

    /**
     * Visits the rules that hold for a user in a namespace (empty: cluster-wide ones only). Returns what upstream reports of bindings whose role is not there.
     */
    List<String> visit(UserInfo user, String namespace, Visitor visitor) {
        List<String> missing = new ArrayList<>();
        if (!visit(SubjectKey.user(user.name()), namespace, visitor, missing)) {
            return missing;
        }
        for (String group : user.groups()) {
            if (!visit(SubjectKey.group(group), namespace, visitor, missing)) {
                return missing;
            }
        }
        return missing;
    }

    private boolean visit(SubjectKey subject, String namespace, Visitor visitor, List<String> missing) {
        for (Binding binding : bySubject.getOrDefault(subject, List.of())) {
            if (!binding.holdsIn(namespace)) {
                continue;
            }
            List<PolicyRule> rules = roles.get(binding.role());
            if (rules == null) {
                missing.add(binding.role().missing());
                continue;
            }
            for (PolicyRule rule : rules) {
                if (!visitor.rule(binding, subject, rule)) {
                    return false;
                }
            }
        }
        return true;
    }
}
