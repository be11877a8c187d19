package dev.kite.security;

import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.UserInfo;
import dev.kite.security.request.RequestInfoParser;

/**
 * What a request asks for, read from its method, path and query as Kubernetes does. The authorization filter leaves it as an exchange's attribute.
 *
 * @param resourceRequest whether it is of an API resource; if not, only verb and path mean anything
 * @param path the decoded path
 * @param verb get, list, watch, create, update, patch, delete, deletecollection, or proxy's of old; the lower-case method for non-resources
 * @param apiPrefix api or apis, empty for non-resources
 * @param apiGroup the API group, empty for core
 * @param apiVersion the version
 * @param namespace the namespace, empty for none
 * @param resource the plural resource
 * @param subresource the subresource, empty for none
 * @param name the object's name, empty for none; of a list or watch, that of a metadata.name field selector
 * @param subpath what follows the subresource (as in pods/NAME/proxy/PATH), with its leading slash; empty for none
 * @param fieldSelector the raw field selector, empty for none
 * @param labelSelector the raw label selector, empty for none
 */
public record RequestInfo(
        boolean resourceRequest,
        String path,
        String verb,
        String apiPrefix,
        String apiGroup,
        String apiVersion,
        String namespace,
        String resource,
        String subresource,
        String name,
        String subpath,
        String fieldSelector,
        String labelSelector) {
    /**
     * Reads a request.
     *
     * @param method the method in upper case
     * @param path the decoded path
     * @param query the query
     * @return what it asks for; never fails, since what is no resource's path is a non-resource request
     */
    public static RequestInfo of(String method, String path, QueryParameters query) {
        return RequestInfoParser.parse(method, path, query);
    }

    /**
     * What authorizers are asked.
     *
     * @param user who asks
     * @return the attributes
     */
    public Attributes attributes(UserInfo user) {
        return new Attributes(
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
                labelSelector);
    }
}
