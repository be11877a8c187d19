package dev.kite.apiserver.bootstrap;

import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Deletion;
import dev.kite.apiserver.registry.GetVerb;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.registry.UpdateVerb;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.subresource.AccessReviews;
import dev.kite.apiserver.subresource.Admits;
import dev.kite.apiserver.subresource.BindingVerb;
import dev.kite.apiserver.subresource.Bodies;
import dev.kite.apiserver.subresource.ComponentStatuses;
import dev.kite.apiserver.subresource.Connecting;
import dev.kite.apiserver.subresource.EvictionVerb;
import dev.kite.apiserver.subresource.IdentityReviews;
import dev.kite.apiserver.subresource.Kubelets;
import dev.kite.apiserver.subresource.LogVerb;
import dev.kite.apiserver.subresource.ProxyVerb;
import dev.kite.apiserver.subresource.ScaleVerb;
import dev.kite.apiserver.subresource.TokenVerb;
import dev.kite.apiserver.subresource.TunnelVerb;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is served below objects, and the kinds that are created but never stored. */
final class Subresources {
    private Subresources() {}

    static Map<String, Verb> of(
            Surroundings with,
            Machinery machinery,
            ResourceCatalog catalog,
            Modification modification,
            Verb patch,
            Bodies bodies,
            Incoming incoming,
            Answers answers) {
        Objects objects = machinery.objects();
        Map<String, Verb> below = new HashMap<>();
        Admits admits = new Admits(machinery.admission());
        Verb part = new Part(
                new GetVerb(objects, answers), new UpdateVerb(machinery, bodies.reader(), incoming, answers), patch);
        for (String name : List.of("ephemeralcontainers", "resize", "approval", "finalize")) {
            below.put(name, part);
        }
        below.put("componentstatuses", new ComponentStatuses(with.checks(), answers));
        below.put("scale", new ScaleVerb(objects, modification, bodies, admits, answers));
        Verb binding = new BindingVerb(catalog, modification, bodies, admits, answers, with.clock());
        below.put("bindings", binding);
        below.put("pods/binding", binding);
        below.put(
                "pods/eviction",
                new EvictionVerb(
                        objects,
                        catalog,
                        modification,
                        new Deletion(machinery),
                        bodies,
                        admits,
                        answers,
                        with.clock()));
        security(below, with, objects, bodies, admits, answers);
        tunnels(below, with, machinery);
        return below;
    }

    private static void security(
            Map<String, Verb> below,
            Surroundings with,
            Objects objects,
            Bodies bodies,
            Admits admits,
            Answers answers) {
        Surroundings.Security security = with.security();
        if (security == null) {
            return;
        }
        Verb access = new AccessReviews(security.authorization(), bodies, admits, answers);
        for (String review : List.of(
                "subjectaccessreviews",
                "localsubjectaccessreviews",
                "selfsubjectaccessreviews",
                "selfsubjectrulesreviews")) {
            below.put(review + ".authorization.k8s.io", access);
        }
        Verb identity = new IdentityReviews(security.authentication(), security.tokens(), bodies, admits, answers);
        below.put("tokenreviews.authentication.k8s.io", identity);
        below.put("selfsubjectreviews.authentication.k8s.io", identity);
        below.put("serviceaccounts/token", new TokenVerb(objects, security.tokens(), bodies, admits, answers));
    }

    private static void tunnels(Map<String, Verb> below, Surroundings with, Machinery machinery) {
        Objects objects = machinery.objects();
        Surroundings.Clients clients = with.clients();
        if (clients == null) {
            return;
        }
        Kubelets kubelets = new Kubelets(objects);
        below.put("pods/log", new LogVerb(objects, kubelets, clients.kubelets()));
        Verb tunnel = new Connecting(new TunnelVerb(objects, kubelets, clients.kubelets()), machinery.admission());
        for (String name : List.of("exec", "attach", "portforward")) {
            below.put("pods/" + name, tunnel);
        }
        below.put(
                "proxy",
                new Connecting(
                        new ProxyVerb(objects, kubelets, clients.kubelets(), clients.pods()), machinery.admission()));
    }

    /** A part of an object that is read and written as the object itself, but changes only itself. */
    private record Part(Verb get, Verb update, Verb patch) implements Verb {
        @Override
        public void serve(Call call, ApiResource resource) throws IOException {
            switch (call.info().verb()) {
                case "get" -> get.serve(call, resource);
                case "update" -> update.serve(call, resource);
                case "patch" -> patch.serve(call, resource);
                default -> throw Errors.methodNotAllowed();
            }
        }
    }
}
