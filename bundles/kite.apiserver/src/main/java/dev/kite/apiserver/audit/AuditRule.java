package dev.kite.apiserver.audit;

import dev.kite.api.security.UserInfo;
import dev.kite.security.RequestInfo;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a policy; the first that matches a request decides. Empty lists match all.
 *
 * @param level how much is told
 * @param users names
 * @param groups of which the user is in one
 * @param verbs of requests
 * @param resources of requests of resources
 * @param namespaces of requests of resources, the empty one for cluster-wide
 * @param paths of other requests; a trailing asterisk stands for any rest
 * @param omitted stages of which nothing is told
 * @param omitManagedFields whether objects are told without them; null for the policy's
 */
record AuditRule(
        AuditLevel level,
        List<String> users,
        List<String> groups,
        List<String> verbs,
        List<Resources> resources,
        List<String> namespaces,
        List<String> paths,
        Set<AuditStage> omitted,
        @Nullable Boolean omitManagedFields) {

    /** Resources of a group, or with an asterisk of all: names, {@code name/subresource}, with asterisks for either; and objects' names. */
    record Resources(String group, List<String> resources, List<String> names) {
        boolean match(RequestInfo info) {
            if (!group.equals("*") && !group.equals(info.apiGroup())) {
                return false;
            }
            if (resources.isEmpty()) {
                return true;
            }
            if (!names.isEmpty() && !names.contains(info.name())) {
                return false;
            }
            String whole = info.subresource().isEmpty() ? info.resource() : info.resource() + "/" + info.subresource();
            return resources.stream()
                    .anyMatch(one -> one.equals("*")
                            || one.equals(whole)
                            || (!info.subresource().isEmpty()
                                    && one.startsWith("*/")
                                    && one.substring(2).equals(info.subresource()))
                            || (one.endsWith("/*")
                                    && one.substring(0, one.length() - 2).equals(info.resource())));
        }
    }

    boolean matches(@Nullable UserInfo user, RequestInfo info) {
        if (!users.isEmpty() && (user == null || !users.contains(user.name()))) {
            return false;
        }
        if (!groups.isEmpty() && (user == null || Collections.disjoint(groups, user.groups()))) {
            return false;
        }
        if (!verbs.isEmpty() && !verbs.contains(info.verb())) {
            return false;
        }
        if (!namespaces.isEmpty() || !resources.isEmpty()) {
            return info.resourceRequest()
                    && (namespaces.isEmpty() || namespaces.contains(info.namespace()))
                    && (resources.isEmpty() || resources.stream().anyMatch(one -> one.match(info)));
        }
        return paths.isEmpty()
                || (!info.resourceRequest() && paths.stream().anyMatch(path -> matches(path, info.path())));
    }

    private static boolean matches(String wanted, String path) {
        return wanted.endsWith("*") ? path.startsWith(wanted.substring(0, wanted.length() - 1)) : wanted.equals(path);
    }
}
