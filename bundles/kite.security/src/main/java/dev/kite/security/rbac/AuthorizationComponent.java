package dev.kite.security.rbac;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authorization;
import dev.kite.security.PolicyRule;
import dev.kite.security.measure.SecurityMetrics;
import dev.kite.security.node.NodeAuthorizer;
import dev.kite.security.ranked.Ranked;
import dev.kite.security.webhook.AuthorizationOrder;
import dev.kite.security.webhook.AuthorizationOrder.Step;
import dev.kite.security.webhook.WebhookAuthorizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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
    private static final List<Step> BY_RANKING = List.of(new Step.Node(), new Step.Rbac());

    private final RbacAuthorizer rbac;
    private final Supplier<List<Step>> order;
    private final BooleanSupplier webhook;
    private final SecurityMetrics metrics;
    private final Ranked<Authorizer> authorizers = new Ranked<>();

    /**
     * Starts with the authorizers that are there.
     *
     * @param rbac knows the rules of each user
     * @param order in which they are asked
     * @param metrics notes who decides
     */
    @Activate
    public AuthorizationComponent(
            @Reference RbacAuthorizer rbac, @Reference AuthorizationOrder order, @Reference SecurityMetrics metrics) {
        this(rbac, order::steps, order::hasWebhook, metrics);
    }

    AuthorizationComponent(
            RbacAuthorizer rbac, Supplier<List<Step>> order, BooleanSupplier webhook, SecurityMetrics metrics) {
        this.metrics = metrics;
        this.rbac = rbac;
        this.order = order;
        this.webhook = webhook;
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
        for (Authorizer authorizer : ordered()) {
            Decision decision = authorizer.authorize(attributes);
            if (decision.verdict() != Verdict.NO_OPINION) {
                note(authorizer, decision.verdict() == Verdict.ALLOW);
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons.add(decision.reason());
            }
        }
        return new Decision(Verdict.NO_OPINION, String.join("\n", reasons));
    }

    /** Who is allowed all by being a master is decided by nobody that is configured. */
    private void note(Authorizer authorizer, boolean allowed) {
        switch (authorizer) {
            case RbacAuthorizer _ -> metrics.decided("RBAC", "rbac", allowed);
            case NodeAuthorizer _ -> metrics.decided("Node", "node", allowed);
            case WebhookAuthorizer webhook -> metrics.decided("Webhook", webhook.name(), allowed);
            default -> {
                // Another bundle's, or one that says always the same.
            }
        }
    }

    /** system:masters, then those that are configured in their order, then those of other bundles. */
    private Collection<Authorizer> ordered() {
        List<Step> steps = order.get();
        if (steps.equals(BY_RANKING)) {
            return authorizers.services();
        }
        List<Authorizer> first = new ArrayList<>();
        List<Authorizer> last = new ArrayList<>();
        Authorizer nodes = null;
        for (Authorizer authorizer : authorizers.services()) {
            switch (authorizer) {
                case MastersAuthorizer masters -> first.add(masters);
                case NodeAuthorizer node -> nodes = node;
                case RbacAuthorizer _ -> {
                    // It has its place among the configured ones.
                }
                default -> last.add(authorizer);
            }
        }
        for (Step step : steps) {
            switch (step) {
                case Step.Node _ -> {
                    if (nodes != null) {
                        first.add(nodes);
                    }
                }
                case Step.Rbac _ -> first.add(rbac);
                case Step.Other other -> first.add(other.authorizer());
            }
        }
        first.addAll(last);
        return first;
    }

    @Override
    public String rulesGap(UserInfo user) {
        if (webhook.getAsBoolean()) {
            return "webhook authorizer does not support user rule resolution";
        }
        boolean node = user.name().startsWith("system:node:") && user.groups().contains("system:nodes");
        return node ? "node authorizer does not support user rule resolution" : "";
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
