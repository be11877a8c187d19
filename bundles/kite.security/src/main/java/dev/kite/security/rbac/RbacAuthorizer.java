package dev.kite.security.rbac;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.UserInfo;
import dev.kite.security.ClusterCertificates.Subscription;
import dev.kite.security.PolicyRule;
import dev.kite.security.StoredObjects;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Kubernetes' RBAC: allows what a rule of a role bound to the user or a group of theirs allows, denies nothing. Has all roles when it is active. */
@Component(
        service = {Authorizer.class, RbacAuthorizer.class},
        property = "service.ranking:Integer=100")
public final class RbacAuthorizer implements Authorizer {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private final RoleIndex index = new RoleIndex();
    private final List<Subscription> subscriptions = new ArrayList<>();

    /**
     * Follows roles and bindings.
     *
     * @param objects where they are
     */
    @Activate
    public RbacAuthorizer(@Reference StoredObjects objects) {
        subscriptions.add(objects.follow(GROUP, "clusterroles", new ClusterRoleListener()));
        subscriptions.add(objects.follow(GROUP, "roles", new Roles()));
        subscriptions.add(objects.follow(GROUP, "clusterrolebindings", new Bindings()));
        subscriptions.add(objects.follow(GROUP, "rolebindings", new Bindings()));
    }

    @Deactivate
    void deactivate() {
        subscriptions.forEach(Subscription::close);
    }

    private final class ClusterRoleListener implements StoredObjects.Listener {
        private final ClusterRoles roles =
                new ClusterRoles((name, rules) -> index.putRole(new RoleKey("", name), rules));

        @Override
        public void set(String namespace, String name, byte[] json) {
            roles.put(name, RbacJson.clusterRole(json));
        }

        @Override
        public void gone(String namespace, String name) {
            roles.remove(name);
            index.removeRole(new RoleKey("", name));
        }
    }

    private final class Roles implements StoredObjects.Listener {
        @Override
        public void set(String namespace, String name, byte[] json) {
            index.putRole(new RoleKey(namespace, name), RbacJson.roleRules(json));
        }

        @Override
        public void gone(String namespace, String name) {
            index.removeRole(new RoleKey(namespace, name));
        }
    }

    private final class Bindings implements StoredObjects.Listener {
        @Override
        public void set(String namespace, String name, byte[] json) {
            index.putBinding(RbacJson.binding(namespace, name, json));
        }

        @Override
        public void gone(String namespace, String name) {
            index.removeBinding(namespace, name);
        }
    }

    @Override
    public Decision authorize(Attributes attributes) {
        AtomicReference<String> reason = new AtomicReference<>();
        List<String> missing = index.visit(attributes.user(), attributes.namespace(), (binding, subject, rule) -> {
            if (!RuleMatch.allows(rule, attributes)) {
                return true;
            }
            reason.set("RBAC: allowed by " + binding.describe() + " of "
                    + binding.role().describe() + " to "
                    + (subject.group() ? "Group" : "User") + " \"" + subject.name() + "\"");
            return false;
        });
        String found = reason.get();
        if (found != null) {
            return new Decision(Verdict.ALLOW, found);
        }
        return switch (missing.size()) {
            case 0 -> Decision.NO_OPINION;
            case 1 -> new Decision(Verdict.NO_OPINION, "RBAC: " + missing.getFirst());
            default -> new Decision(Verdict.NO_OPINION, "RBAC: [" + String.join(", ", missing) + "]");
        };
    }

    /**
     * Lists the rules that hold for a user.
     *
     * @param user the user
     * @param namespace the namespace, empty for cluster-wide ones only
     * @return the rules, each once
     */
    public List<PolicyRule> rulesFor(UserInfo user, String namespace) {
        Set<PolicyRule> rules = new LinkedHashSet<>();
        index.visit(user, namespace, (_, _, rule) -> {
            rules.add(rule);
            return true;
        });
        return List.copyOf(rules);
    }
}
