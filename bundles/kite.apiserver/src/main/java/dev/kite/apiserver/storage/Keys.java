package dev.kite.apiserver.storage;

import java.util.Map;

/** Where objects lie in the store: Kubernetes' layout below {@code /registry/}, so that a datastore of k3s opens. Stateless. */
public final class Keys {
    /** What all keys of Kubernetes objects start with. */
    public static final String ROOT = "/registry/";

    /** Resources whose folder is not named after them. */
    private static final Map<String, String> SPECIAL = Map.of(
            "replicationcontrollers", "controllers",
            "endpoints", "services/endpoints",
            "services", "services/specs",
            "nodes", "minions",
            "ingresses", "ingress");

    private static final String APIEXTENSIONS = "apiextensions.k8s.io";
    private static final String APIREGISTRATION = "apiregistration.k8s.io";

    private Keys() {}

    /**
     * The folder of a built-in resource.
     *
     * @param group the API group, empty for core
     * @param plural the resource
     * @return the prefix of its keys, with a slash at the end
     */
    public static String builtIn(String group, String plural) {
        return switch (group) {
            case APIEXTENSIONS, APIREGISTRATION -> ROOT + group + "/" + plural + "/";
            default -> ROOT + SPECIAL.getOrDefault(plural, plural) + "/";
        };
    }

    /**
     * The folder of a custom resource.
     *
     * @param group the API group
     * @param plural the resource
     * @return the prefix of its keys, with a slash at the end
     */
    public static String custom(String group, String plural) {
        return ROOT + group + "/" + plural + "/";
    }

    /**
     * An object's key.
     *
     * @param folder its resource's folder
     * @param namespace its namespace, empty for none
     * @param name its name
     * @return the key
     */
    public static String object(String folder, String namespace, String name) {
        return namespace.isEmpty() ? folder + name : folder + namespace + "/" + name;
    }

    /**
     * The prefix of a resource's keys in a namespace.
     *
     * @param folder the resource's folder
     * @param namespace the namespace, empty for all
     * @return the prefix
     */
    public static String in(String folder, String namespace) {
        return namespace.isEmpty() ? folder : folder + namespace + "/";
    }
}
