package dev.kite.security;

import org.jspecify.annotations.Nullable;

/**
 * The API server's objects as security sees them: served by the API server from its index in this process, so that no authorization waits for a network or
 * disk. Thread-safe. Security reads roles, clusterroles, rolebindings, clusterrolebindings (rbac.authorization.k8s.io), pods, persistentvolumes,
 * serviceaccounts, secrets and nodes through it.
 */
public interface StoredObjects {
    /**
     * Returns an object.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param namespace the namespace, empty for none
     * @param name the name
     * @return the object's JSON as stored (any served version), decrypted; or null where there is none
     */
    byte @Nullable [] get(String group, String resource, String namespace, String name);

    /**
     * Follows a resource: each object there is is delivered before this returns, then each change in order of revision, before its writer is answered (so that who
     * makes a binding can use it at once). Calls never overlap for one listener.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param listener is told
     * @return ends the calls when closed
     */
    ClusterCertificates.Subscription follow(String group, String resource, Listener listener);

    /**
     * Is told that the token of a Secret of type kubernetes.io/service-account-token was used. Returns at once.
     *
     * @param namespace the Secret's namespace
     * @param secret its name
     */
    default void tokenUsed(String namespace, String secret) {}

    /** What is told of objects. Must not block or write. */
    interface Listener {
        /**
         * An object is there, new or changed.
         *
         * @param namespace its namespace, empty for none
         * @param name its name
         * @param json its JSON as stored
         */
        void set(String namespace, String name, byte[] json);

        /**
         * An object is gone.
         *
         * @param namespace its namespace, empty for none
         * @param name its name
         */
        void gone(String namespace, String name);
    }
}
