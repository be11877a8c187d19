package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.Forms;
import dev.kite.apiserver.webhook.Matching;
import dev.kite.cel.CelCompiler;
import dev.kite.security.Authorization;
import dev.kite.store.Store;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What both kinds of policies work with, and how they choose what to look at. Thread-safe. */
public final class PolicyContext {
    /** Reviews are answers, not objects: a policy that refuses them would keep the cluster from working. */
    private static final Set<String> EXCLUDED = Set.of(
            "selfsubjectreviews.authentication.k8s.io",
            "tokenreviews.authentication.k8s.io",
            "localsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectrulesreviews.authorization.k8s.io",
            "subjectaccessreviews.authorization.k8s.io");

    private final Store store;
    private final CelCompiler compiler;
    private final @Nullable Authorization authorization;
    private final Lookups lookups;
    private final Forms forms;
    private final Matching matching;
    private final Params params;

    /**
     * What policies work with.
     *
     * @param store where they and their parameters are
     * @param compiler compiles their expressions
     * @param authorization knows what users may; null in tests that have none, where everybody may everything
     * @param lookups finds namespaces
     * @param catalog finds the kinds of parameters
     * @param forms converts objects
     */
    public PolicyContext(
            Store store,
            CelCompiler compiler,
            @Nullable Authorization authorization,
            Lookups lookups,
            ResourceCatalog catalog,
            Forms forms) {
        this.store = store;
        this.compiler = compiler;
        this.authorization = authorization;
        this.lookups = lookups;
        this.forms = forms;
        this.matching = new Matching(lookups, forms);
        this.params = new Params(store, catalog, forms);
    }

    Store store() {
        return store;
    }

    CelCompiler compiler() {
        return compiler;
    }

    Lookups lookups() {
        return lookups;
    }

    Forms forms() {
        return forms;
    }

    /** Whether no policy looks at a write. */
    static boolean passesBy(Admitting write) {
        // A policy that fails must not keep the server from starting, nor itself from being taken away.
        return write.intent().user().equals(Intent.SERVER.user())
                || EXCLUDED.contains(write.resource().qualified())
                || Matching.exempt(write);
    }

    RequestAuthorizer authorizer(Admitting write) {
        return new RequestAuthorizer(authorization, write.intent().user());
    }

    /** The version in which a policy wants to see a write, null where it does not. */
    @Nullable
    ApiResource matches(Policy<?> policy, Admitting write) {
        return matching.policy(Tree.at(policy.spec(), "matchConstraints"), write);
    }

    /** Whether a binding wants its policy to see a write. */
    boolean bound(ObjectNode binding, Admitting write) {
        JsonNode resources = Tree.at(binding, "spec", "matchResources");
        return !resources.isObject() || matching.policy(resources, write) != null;
    }

    /** The resource of a policy's parameters, null where it has none. */
    @Nullable
    ApiResource paramResource(Policy<?> policy) throws ConfigurationException {
        return params.resource(policy);
    }

    /** The parameters for a binding and a write, as {@link Params#collect} has them. */
    List<JsonNode> params(@Nullable ApiResource resource, ObjectNode binding, Admitting write)
            throws ConfigurationException {
        return params.collect(resource, Tree.at(binding, "spec", "paramRef"), write.namespace());
    }
}
