package dev.kite.security;

import java.util.List;

/**
 * One rule of a role (rbac.authorization.k8s.io PolicyRule).
 *
 * @param verbs what may be done, {@code *} for all
 * @param apiGroups the API groups, empty text for core, {@code *} for all
 * @param resources the resources, {@code resource/subresource}, {@code *}{@code /subresource} or {@code *}
 * @param resourceNames the objects' names; none means all
 * @param nonResourceUrls paths, a trailing {@code *} covers all below
 */
public record PolicyRule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {
    /** Copies the lists. */
    public PolicyRule {
        verbs = List.copyOf(verbs);
        apiGroups = List.copyOf(apiGroups);
        resources = List.copyOf(resources);
        resourceNames = List.copyOf(resourceNames);
        nonResourceUrls = List.copyOf(nonResourceUrls);
    }
}
