package dev.kite.security;

import dev.kite.security.defaults.BootstrapPolicy;
import java.util.List;

/** The roles and bindings that every Kubernetes 1.36 cluster has, for the API server to create and repair at start. Immutable. */
public final class DefaultRoles {
    private DefaultRoles() {}

    /**
     * One of them.
     *
     * @param resource clusterroles, clusterrolebindings, roles or rolebindings of rbac.authorization.k8s.io/v1
     * @param namespace its namespace, empty for the cluster's own
     * @param name its name
     * @param json the whole object, JSON
     */
    public record DefaultObject(String resource, String namespace, String name, String json) {}

    /** @return all of them, in the order to create them: namespaces kube-system and kube-public must be there for the namespaced */
    public static List<DefaultObject> objects() {
        return BootstrapPolicy.objects();
    }

    /**
     * Decides what to write for one that exists: rules, subjects, labels, annotations and aggregation rules that it lacks are added, what others added stays; an
     * object annotated {@code rbac.authorization.kubernetes.io/autoupdate: "false"} is left alone. A binding of another role must be deleted and made anew, since
     * roleRef cannot change.
     *
     * @param wanted the default
     * @param existing the object as it is, JSON
     * @return what to do
     */
    public static Repair repair(DefaultObject wanted, byte[] existing) {
        return BootstrapPolicy.repair(wanted, existing);
    }

    /** What to do with one that exists. */
    public sealed interface Repair {
        /** Nothing: it has all. */
        record Nothing() implements Repair {}

        /**
         * Update it.
         *
         * @param json the whole object to write, with the resourceVersion and uid that it had
         */
        record Update(String json) implements Repair {}

        /**
         * Delete it and create it anew.
         *
         * @param json the object to create
         */
        record Recreate(String json) implements Repair {}
    }
}
