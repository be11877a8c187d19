package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.tree.Tree;
import dev.kite.http.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Passes requests on to pods, Services and kubelets: {@code …/proxy/PATH}. */
public final class ProxyVerb implements Verb {
    private final Objects objects;
    private final Kubelets kubelets;
    private final HttpClient kubeletClient;
    private final HttpClient podClient;

    /**
     * The verb.
     *
     * @param objects finds pods, Services and their endpoints
     * @param kubelets finds kubelets
     * @param kubeletClient reaches kubelets
     * @param podClient reaches pods, trusting any certificate as upstream does
     */
    public ProxyVerb(Objects objects, Kubelets kubelets, HttpClient kubeletClient, HttpClient podClient) {
        this.objects = objects;
        this.kubelets = kubelets;
        this.kubeletClient = kubeletClient;
        this.podClient = podClient;
    }

    /** {@code [SCHEME:]NAME[:PORT]}, as names are written in proxy paths. */
    record Name(String scheme, String name, String port) {
        static Name parse(String text) {
            String[] parts = text.split(":", -1);
            return switch (parts.length) {
                case 1 -> new Name("http", text, "");
                case 2 -> new Name("http", parts[0], parts[1]);
                case 3 -> {
                    String scheme = parts[0].isEmpty() ? "http" : parts[0];
                    if (!scheme.equals("http") && !scheme.equals("https")) {
                        throw Errors.badRequest("invalid service request \"" + text + "\"");
                    }
                    yield new Name(scheme, parts[1], parts[2]);
                }
                default -> throw Errors.badRequest("invalid service request \"" + text + "\"");
            };
        }
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        Name name = Name.parse(call.info().name());
        String rest = rest(call, resource.namespaced());
        switch (resource.plural()) {
            case "nodes" ->
                Forwarding.pass(call.exchange(), kubeletClient, URI.create(kubelets.of(name.name()) + rest));
            case "pods" -> Forwarding.pass(call.exchange(), podClient, URI.create(pod(call, resource, name) + rest));
            default -> Forwarding.pass(call.exchange(), podClient, URI.create(service(call, resource, name) + rest));
        }
    }

    private String pod(Call call, ApiResource resource, Name name) {
        ObjectNode pod = objects.find("", "pods", call.info().namespace(), name.name());
        if (pod == null) {
            throw resource.notFound(name.name());
        }
        String address = Tree.text(pod, "status", "podIP");
        if (address.isEmpty()) {
            throw Errors.badRequest("address not allowed");
        }
        String port = name.port().isEmpty() ? firstPort(pod) : name.port();
        return name.scheme() + "://" + host(address) + (port.isEmpty() ? "" : ":" + number(port));
    }

    private static String firstPort(ObjectNode pod) {
        for (ObjectNode container : Tree.objects(pod, "spec", "containers")) {
            for (ObjectNode port : Tree.objects(container, "ports")) {
                return Long.toString(Tree.number(port, "containerPort"));
            }
        }
        return "";
    }

    private String service(Call call, ApiResource resource, Name name) {
        String namespace = call.info().namespace();
        ObjectNode service = objects.find("", "services", namespace, name.name());
        if (service == null) {
            throw resource.notFound(name.name());
        }
        String portName = portName(service, name);
        List<String> ready = new ArrayList<>();
        for (ObjectNode slice : objects.list("discovery.k8s.io", "endpointslices", namespace)) {
            if (Tree.text(slice, "metadata", "labels", "kubernetes.io/service-name")
                    .equals(name.name())) {
                collect(slice, portName, ready);
            }
        }
        if (ready.isEmpty()) {
            throw new StatusException(
                    503,
                    "ServiceUnavailable",
                    "no endpoints available for service \"" + name.name() + "\"",
                    StatusException.Details.NONE);
        }
        return name.scheme() + "://" + ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
    }

    /** The name of the Service's port that is meant: by name, by number, or its only one. */
    private static String portName(ObjectNode service, Name name) {
        List<ObjectNode> ports = Tree.objects(service, "spec", "ports");
        if (name.port().isEmpty() && ports.size() == 1) {
            return Tree.text(ports.getFirst(), "name");
        }
        for (ObjectNode port : ports) {
            boolean named = Tree.text(port, "name").equals(name.port());
            boolean numbered = Long.toString(Tree.number(port, "port")).equals(name.port());
            if (named || numbered) {
                return Tree.text(port, "name");
            }
        }
        throw new StatusException(
                503,
                "ServiceUnavailable",
                "no service port \"" + name.port() + "\" found for service \"" + name.name() + "\"",
                StatusException.Details.NONE);
    }

    private static void collect(ObjectNode slice, String portName, List<String> ready) {
        for (ObjectNode port : Tree.objects(slice, "ports")) {
            if (!Tree.text(port, "name").equals(portName)) {
                continue;
            }
            for (ObjectNode endpoint : Tree.objects(slice, "endpoints")) {
                JsonNode condition = Tree.at(endpoint, "conditions", "ready");
                if (condition.isBoolean() && !condition.booleanValue()) {
                    continue;
                }
                Tree.texts(endpoint, "addresses")
                        .forEach(address -> ready.add(host(address) + ":" + Tree.number(port, "port")));
            }
        }
    }

    private static String host(String address) {
        return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    }

    private static int number(String port) {
        try {
            int number = Integer.parseInt(port);
            if (number > 0 && number < 65536) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw Errors.badRequest("invalid port \"" + port + "\"");
    }

    /** What follows {@code proxy} in the path as sent, with the query. */
    private static String rest(Call call, boolean namespaced) {
        // /api/v1/[namespaces/NS/]RESOURCE/NAME/proxy: so many slashes come before what is passed on.
        int slashes = namespaced ? 8 : 6;
        String raw = call.exchange().rawPath();
        int at = 0;
        for (int i = 0; i < slashes && at >= 0; i++) {
            at = raw.indexOf('/', i == 0 ? 0 : at + 1);
        }
        String path = at < 0 ? "/" : raw.substring(at);
        String query = call.exchange().rawQuery();
        return query.isEmpty() ? path : path + "?" + query;
    }
}
