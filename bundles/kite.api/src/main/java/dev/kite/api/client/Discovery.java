package dev.kite.api.client;

import java.util.List;
import java.util.Optional;

/** Which resources the server has. Thread-safe; read from the server at most every 10 seconds unless a kind is missing. */
public interface Discovery {
    /**
     * A resource.
     *
     * @param group the group, empty for core
     * @param version the version
     * @param kind the kind
     * @param plural the resource's name
     * @param namespaced whether its objects live in namespaces
     * @param verbs what may be done, for example list and watch
     */
    record Resource(String group, String version, String kind, String plural, boolean namespaced, List<String> verbs) {
        /** Copies the verbs. */
        public Resource {
            verbs = List.copyOf(verbs);
        }

        /** @return group and version as in an object, for example {@code apps/v1} or {@code v1} */
        public String apiVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }
    }

    /**
     * Lists the resources, each in its group's preferred version, without subresources.
     *
     * @return the resources
     * @throws ApiException if the server can't be asked
     */
    List<Resource> preferred();

    /**
     * Tells which group versions are served by servers that don't answer, so that what they hold is not known: resources of theirs are not listed.
     *
     * @return the group versions, for example {@code metrics.k8s.io/v1beta1}
     * @throws ApiException if the server can't be asked
     */
    default List<String> unavailable() {
        return List.of();
    }

    /**
     * Finds a kind in any served version, after looking afresh where it is not known.
     *
     * @param apiVersion for example {@code apps/v1}
     * @param kind for example {@code Deployment}
     * @return its resource, or empty where the server has none
     * @throws ApiException if the server can't be asked
     */
    Optional<Resource> find(String apiVersion, String kind);
}
