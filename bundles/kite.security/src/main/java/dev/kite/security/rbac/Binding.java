package dev.kite.security.rbac;

import java.util.List;

/**
 * A binding.
 *
 * @param namespace its namespace, empty for a clusterrolebinding
 * @param name its name
 * @param role the role that it gives
 * @param subjects to whom
 */
record Binding(String namespace, String name, RoleKey role, List<SubjectKey> subjects) {
    Binding {
        subjects = List.copyOf(subjects);
    }

    boolean holdsIn(String wanted) {
        return namespace.isEmpty() || namespace.equals(wanted);
    }

    String describe() {
        return namespace.isEmpty()
                ? "ClusterRoleBinding \"" + name + "\""
                : "RoleBinding \"" + name + "/" + namespace + "\"";
    }
}
