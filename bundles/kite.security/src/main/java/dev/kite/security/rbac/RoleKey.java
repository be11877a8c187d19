package dev.kite.security.rbac;

/**
 * A role.
 *
 * @param namespace its namespace, empty for a clusterrole
 * @param name its name
 */
record RoleKey(String namespace, String name) {
    /** The words of RBAC's reasons. */
    String describe() {
        return namespace.isEmpty() ? "ClusterRole \"" + name + "\"" : "Role \"" + namespace + "/" + name + "\"";
    }

    /** What upstream says of a binding's role that is not there. */
    String missing() {
        return (namespace.isEmpty() ? "clusterrole" : "role") + ".rbac.authorization.k8s.io \"" + name + "\" not found";
    }
}
