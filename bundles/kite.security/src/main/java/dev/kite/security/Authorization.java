package dev.kite.security;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.UserInfo;
import java.util.List;

/** All authorizers together, for SubjectAccessReviews, admission and servers other than the API's. A service; thread-safe. Blocks on the network only where an authorization webhook is configured. */
public interface Authorization {
    /**
     * Asks the authorizers in order until one allows or denies.
     *
     * @param attributes what is asked for
     * @return the decision; NO_OPINION means that it may not
     */
    Decision authorize(Attributes attributes);

    /**
     * Lists what a user may do, for SelfSubjectRulesReview.
     *
     * @param user the user
     * @param namespace the namespace
     * @return the rules of all roles bound to the user in the namespace and cluster-wide
     */
    List<PolicyRule> rulesFor(UserInfo user, String namespace);

    /**
     * Says why {@link #rulesFor} may leave something out.
     *
     * @param user the user
     * @return empty where it doesn't
     */
    default String rulesGap(UserInfo user) {
        return "";
    }

    /**
     * Tells which rules a user does not hold, for the check that nobody grants more than they have (verbs escalate and bind lift it).
     *
     * @param user the user who writes a role or binding
     * @param namespace where the rules would hold, empty for everywhere
     * @param rules the rules that are to be granted
     * @return those that the user's own don't cover, none where all are
     */
    List<PolicyRule> uncovered(UserInfo user, String namespace, List<PolicyRule> rules);
}
