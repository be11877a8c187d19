package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
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
        HttpExchange exchange = call.exchange();
        Path path = Path.of(exchange, resource.namespaced());
        boolean reading = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
        if (path.rest().isEmpty() && reading && !exchange.upgradable()) {
            // Links in what is behind the proxy are relative to a folder.
            exchange.responseHeaders().set("Location", path.prefix() + "/" + query);
            exchange.status(301);
            return;
        }
        boolean kubelet = resource.plural().equals("nodes") && kubelets.isKubelet(name.name(), name.port());
        String server = switch (resource.plural()) {
            case "nodes" -> kubelet ? kubelets.of(name.name()).toString() : node(name);
            case "pods" -> pod(call, resource, name);
            default -> service(call, resource, name);
        };
        URI target = URI.create(server + (path.rest().isEmpty() ? "/" : path.rest()) + query);
        Forwarding.pass(
                exchange, kubelet ? kubeletClient : podClient, target, new ProxyRules(exchange, target, path.prefix()));
    }

    private String node(Name name) {
        return name.scheme() + "://" + kubelets.host(name.name()) + ":" + number(name.port());
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

    /**
     * The path as sent, in two parts.
     *
     * @param prefix up to and with {@code proxy}
     * @param rest what follows, empty or with its leading slash
     */
    private record Path(String prefix, String rest) {
        static Path of(HttpExchange exchange, boolean namespaced) {
            // /api/v1/[namespaces/NS/]RESOURCE/NAME/proxy: so many slashes come before what is passed on.
            int slashes = namespaced ? 8 : 6;
            String raw = exchange.rawPath();
            int at = 0;
            for (int i = 0; i < slashes && at >= 0; i++) {
                at = raw.indexOf('/', i == 0 ? 0 : at + 1);
            }
            return at < 0 ? new Path(raw, "") : new Path(raw.substring(0, at), raw.substring(at));
        }
    }
}
