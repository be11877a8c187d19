package dev.kite.controllers.policy;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.controllers.base.Selectors;
import dev.kite.model.meta.v1.LabelSelector;
import dev.kite.model.rbac.v1.ClusterRole;
import dev.kite.model.rbac.v1.PolicyRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Writes into aggregated ClusterRoles the rules of those that their selectors name. */
public final class RoleAggregationLoop implements Loop {
    /** Makes the loop. */
    public RoleAggregationLoop() {}

    @Override
    public String name() {
        return "clusterrole-aggregation-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<ClusterRole> roles = scope.informer(ClusterRole.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        // Any role may be named by any selector, and roles change rarely.
        roles.onChange((before, after) -> {
            for (ClusterRole role : roles.list()) {
                if (role.hasAggregationRule()) {
                    queue.add(Owners.key(role));
                }
            }
        });
        scope.run(1, queue, key -> {
            ClusterRole role = roles.get("", key.name());
            if (role != null && role.hasAggregationRule()) {
                List<PolicyRule> rules = rules(role, roles.list());
                if (!rules.equals(role.rules())) {
                    scope.resource(ClusterRole.RESOURCE)
                            .update(role.toBuilder().rules(rules).build());
                }
            }
            return null;
        });
    }

    /**
     * Collects an aggregated role's rules.
     *
     * @param role the role
     * @param all all roles
     * @return the rules of those that it names, in the order of their names, each once
     */
    static List<PolicyRule> rules(ClusterRole role, Collection<ClusterRole> all) {
        List<PolicyRule> rules = new ArrayList<>();
        for (LabelSelector selector : role.aggregationRule().clusterRoleSelectors()) {
            all.stream()
                    .filter(other ->
                            !other.metadata().name().equals(role.metadata().name())
                                    && Selectors.matches(
                                            selector, other.metadata().labels()))
                    .sorted(Comparator.comparing(other -> other.metadata().name()))
                    .flatMap(other -> other.rules().stream())
                    .filter(rule -> !rules.contains(rule))
                    .forEach(rules::add);
        }
        return rules;
    }
}
