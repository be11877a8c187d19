package dev.kite.apiserver.registry;

import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the resource and the verb that a request names. Thread-safe. */
public final class ResourceRoute {
    private final ResourceCatalog catalog;
    private final Map<String, Verb> verbs;
    private final Map<String, Verb> subresources;
    private final RequestMetrics metrics;

    /**
     * A route.
     *
     * @param catalog the resources
     * @param verbs what is done with objects, by RequestInfo's verb
     * @param subresources what is done below objects: by {@code RESOURCE.GROUP/SUBRESOURCE} first, then by {@code SUBRESOURCE}; and by
     *     {@code RESOURCE.GROUP} for resources that are not stored
     * @param metrics counts requests that last
     */
    public ResourceRoute(
            ResourceCatalog catalog, Map<String, Verb> verbs, Map<String, Verb> subresources, RequestMetrics metrics) {
        this.catalog = catalog;
        this.verbs = Map.copyOf(verbs);
        this.subresources = Map.copyOf(subresources);
        this.metrics = metrics;
    }

    /**
     * Serves a request of a resource.
     *
     * @param call the request
     * @throws IOException if the client went away
     * @throws dev.kite.apiserver.request.StatusException if it is refused
     */
    public void serve(Call call) throws IOException {
        RequestInfo info = call.info();
        ApiResource resource = catalog.find(info.apiGroup(), info.apiVersion(), info.resource());
        if (resource == null) {
            throw Errors.noSuchResource();
        }
        boolean own = resource.namespaced() || info.namespace().isEmpty() || resource.is("", "namespaces");
        if (!own) {
            throw Errors.noSuchResource();
        }
        if (resource.is("", "endpoints")) {
            call.warn("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
        }
        if (resource.custom() != null && !resource.custom().deprecation().isEmpty()) {
            call.warn(resource.custom().deprecation());
        }
        Verb verb = info.subresource().isEmpty() ? verb(resource, info) : subresource(resource, info);
        if (verb == null) {
            throw Errors.methodNotAllowed();
        }
        call.serving(metrics);
        if (resource.is("", "endpoints") || resource.is("", "componentstatuses")) {
            metrics.deprecated(info, "");
        }
        verb.serve(call, resource);
    }

    private @Nullable Verb verb(ApiResource resource, RequestInfo info) {
        Verb unstored = subresources.get(resource.qualified());
        String verb = info.verb();
        if (!resource.verbs().contains(verb)) {
            return null;
        }
        if (unstored != null) {
            return unstored;
        }
        boolean collection = switch (verb) {
            case "create", "list", "deletecollection" -> true;
            case "watch" -> info.name().isEmpty() || info.subpath().isEmpty();
            default -> false;
        };
        if (!collection && info.name().isEmpty()) {
            return null;
        }
        return verbs.get(verb);
    }

    private @Nullable Verb subresource(ApiResource resource, RequestInfo info) {
        ApiResource.Subresource below = resource.subresources().get(info.subresource());
        if (below == null) {
            throw Errors.noSuchResource();
        }
        Verb verb = subresources.get(resource.qualified() + "/" + below.name());
        if (verb == null) {
            verb = subresources.get(below.name());
        }
        if (verb == null && below.name().equals("status")) {
            verb = verbs.get(info.verb());
        }
        return below.verbs().contains(info.verb()) || !info.subpath().isEmpty() || isTunnel(below) ? verb : null;
    }

    private static boolean isTunnel(ApiResource.Subresource below) {
        return switch (below.name()) {
            case "exec", "attach", "portforward", "proxy" -> true;
            default -> false;
        };
    }
}
