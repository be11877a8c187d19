package dev.kite.api.security;

import java.util.List;
import java.util.Map;

/**
 * Who asks, as Kubernetes' authentication.k8s.io UserInfo.
 *
 * @param name the user's name, for example {@code system:serviceaccount:default:builder}
 * @param uid unique over time, may be empty
 * @param groups the groups that the user is in
 * @param extra what authenticators add for authorizers
 */
public record UserInfo(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    /** The group of everybody who signed in. */
    public static final String AUTHENTICATED = "system:authenticated";

    /** The group of those who did not. */
    public static final String UNAUTHENTICATED = "system:unauthenticated";

    /** The group that may do everything. */
    public static final String MASTERS = "system:masters";

    /** Copies the collections. */
    public UserInfo {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    /**
     * A user of these groups and {@link #AUTHENTICATED}.
     *
     * @param name the user's name
     * @param groups further groups
     * @return the user
     */
    public static UserInfo of(String name, String... groups) {
        var all = new java.util.ArrayList<>(List.of(groups));
        all.add(AUTHENTICATED);
        return new UserInfo(name, "", all, Map.of());
    }
}
