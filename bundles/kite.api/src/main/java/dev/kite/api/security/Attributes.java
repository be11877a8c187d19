package dev.kite.api.security;

/**
 * What is asked for, as authorizers see it (authorization.k8s.io SubjectAccessReviewSpec).
 *
 * @param user who asks
 * @param verb get, list, watch, create, update, patch, delete, deletecollection, or another; the lower-case method for non-resources
 * @param resourceRequest whether a resource is asked for; if not, only verb and path count
 * @param apiGroup the API group, empty for core
 * @param apiVersion the version
 * @param resource the plural resource
 * @param subresource the subresource, empty for none
 * @param namespace the namespace, empty for none
 * @param name the object's name, empty for none
 * @param path the path of a non-resource request
 * @param fieldSelector the raw field selector, empty for none
 * @param labelSelector the raw label selector, empty for none
 */
public record Attributes(
        UserInfo user,
        String verb,
        boolean resourceRequest,
        String apiGroup,
        String apiVersion,
        String resource,
        String subresource,
        String namespace,
        String name,
        String path,
        String fieldSelector,
        String labelSelector) {
    /**
     * Without a label selector.
     *
     * @param user who asks
     * @param verb the verb
     * @param resourceRequest whether a resource is asked for
     * @param apiGroup the API group
     * @param apiVersion the version
     * @param resource the plural resource
     * @param subresource the subresource
     * @param namespace the namespace
     * @param name the object's name
     * @param path the path
     * @param fieldSelector the raw field selector
     */
    public Attributes(
            UserInfo user,
            String verb,
            boolean resourceRequest,
            String apiGroup,
            String apiVersion,
            String resource,
            String subresource,
            String namespace,
            String name,
            String path,
            String fieldSelector) {
        this(
                user,
                verb,
                resourceRequest,
                apiGroup,
                apiVersion,
                resource,
                subresource,
                namespace,
                name,
                path,
                fieldSelector,
                "");
    }
}
