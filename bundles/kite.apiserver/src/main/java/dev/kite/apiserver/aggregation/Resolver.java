package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.tree.Tree;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Finds the address by which a Service's port is reached: the Service's own, or that of one of its endpoints. Thread-safe. */
final class Resolver {
    private final Lookups lookups;
    private final boolean endpoints;

    /**
     * A resolver.
     *
     * @param lookups finds Services and their endpoints
     * @param endpoints whether endpoints are reached rather than the Service (--enable-aggregator-routing)
     */
    Resolver(Lookups lookups, boolean endpoints) {
        this.lookups = lookups;
        this.endpoints = endpoints;
    }

    /** A Service that leads nowhere; the message says why. */
    static final class UnresolvedException extends Exception {
        private static final long serialVersionUID = 1L;

        UnresolvedException(String message) {
            super(message);
        }
    }

    /** Finds {@code https://HOST:PORT}. */
    URI resolve(ApiService.Reference to) throws UnresolvedException {
        ObjectNode service = lookups.find("", "services", to.namespace(), to.name());
        if (service == null) {
            throw new UnresolvedException("service \"" + to.name() + "\" not found");
        }
        String type = Tree.text(service, "spec", "type");
        if (type.equals("ExternalName")) {
            if (endpoints) {
                throw new UnresolvedException("unsupported service type \"" + type + "\"");
            }
            return uri(Tree.text(service, "spec", "externalName"), to.port());
        }
        ObjectNode port = port(service, to.port());
        if (port == null) {
            throw new UnresolvedException("no service port " + to.port() + " found for service \"" + to.name() + "\"");
        }
        if (endpoints) {
            return endpoint(to, Tree.text(port, "name"));
        }
        String address = Tree.text(service, "spec", "clusterIP");
        if (address.isEmpty() || address.equals("None")) {
            throw new UnresolvedException("cannot route to service with ClusterIP \"" + address + "\"");
        }
        return uri(address, to.port());
    }

    private URI endpoint(ApiService.Reference to, String portName) throws UnresolvedException {
        List<URI> ready = new ArrayList<>();
        for (ObjectNode slice : slices(to)) {
            for (ObjectNode port : Tree.objects(slice, "ports")) {
                if (Tree.text(port, "name").equals(portName)) {
                    for (ObjectNode endpoint : Tree.objects(slice, "endpoints")) {
                        if (ready(endpoint)) {
                            for (String address : Tree.texts(endpoint, "addresses")) {
                                ready.add(uri(address, Tree.number(port, "port")));
                            }
                        }
                    }
                }
            }
        }
        if (ready.isEmpty()) {
            throw new UnresolvedException("no endpoints available for service \"" + to.name() + "\"");
        }
        return ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
    }

    /** The slices of a Service. */
    List<ObjectNode> slices(ApiService.Reference of) {
        return lookups.list("discovery.k8s.io", "endpointslices", of.namespace()).stream()
                .filter(slice -> Tree.text(slice, "metadata", "labels", "kubernetes.io/service-name")
                        .equals(of.name()))
                .toList();
    }

    /** A Service's port by its number. */
    static @Nullable ObjectNode port(ObjectNode service, int number) {
        return Tree.objects(service, "spec", "ports").stream()
                .filter(port -> Tree.number(port, "port") == number)
                .findFirst()
                .orElse(null);
    }

    /** Whether an endpoint takes requests; one that says nothing does. */
    static boolean ready(ObjectNode endpoint) {
        JsonNode condition = Tree.at(endpoint, "conditions", "ready");
        return !condition.isBoolean() || condition.booleanValue();
    }

    private static URI uri(String host, long port) throws UnresolvedException {
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        try {
            return URI.create("https://" + bracketed + ":" + port);
        } catch (IllegalArgumentException e) {
            throw new UnresolvedException("no host: " + host);
        }
    }
}
