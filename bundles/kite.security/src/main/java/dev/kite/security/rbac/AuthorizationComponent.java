package dev.kite.security.rbac;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authorization;
import dev.kite.security.PolicyRule;
import dev.kite.security.ranked.Ranked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Asks all authorizers in order of ranking: system:masters 300, nodes 200, RBAC 100; those of other bundles come and go. It needs RBAC's to be there, so that nobody is
 * refused for want of roles that are still being read.
 */
@Component
public final class AuthorizationComponent implements Authorization {
    private final RbacAuthorizer rbac;
    private final Ranked<Authorizer> authorizers = new Ranked<>();

    /**
     * Starts with the authorizers that are there.
     *
     * @param rbac knows the rules of each user
     */
    @Activate
    public AuthorizationComponent(@Reference RbacAuthorizer rbac) {
        this.rbac = rbac;
    }

    /**
     * Adds one.
     *
     * @param authorizer the authorizer
     * @param properties its ranking
     */
    @Reference(
            service = Authorizer.class,
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC)
    public void bindAuthorizer(Authorizer authorizer, Map<String, ?> properties) {
        authorizers.add(authorizer, properties);
    }

    /**
     * Removes one.
     *
     * @param properties its ranking
     */
    public void unbindAuthorizer(Map<String, ?> properties) {
        authorizers.remove(properties);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        List<String> reasons = new ArrayList<>(0);
        for (Authorizer authorizer : authorizers.services()) {
            Decision decision = authorizer.authorize(attributes);
            if (decision.verdict() != Verdict.NO_OPINION) {
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons.add(decision.reason());
            }
        }
        return new Decision(Verdict.NO_OPINION, String.join("\n", reasons));
    }

    @Override
    public List<PolicyRule> rulesFor(UserInfo user, String namespace) {
        return rbac.rulesFor(user, namespace);
    }

    @Override
    public List<PolicyRule> uncovered(UserInfo user, String namespace, List<PolicyRule> rules) {
        if (user.groups().contains(UserInfo.MASTERS)) {
            return List.of();
        }
        return RuleCover.uncovered(rbac.rulesFor(user, namespace), rules);
    }
}
