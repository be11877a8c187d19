package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.tree.Tree;
import java.net.URI;
import java.util.List;

/** Finds the kubelet of a node or pod. Thread-safe. */
public final class Kubelets {
    /** kube-apiserver's --kubelet-preferred-address-types as k3s sets it. */
    private static final List<String> ADDRESS_TYPES =
            List.of("InternalIP", "Hostname", "InternalDNS", "ExternalDNS", "ExternalIP");

    private static final int DEFAULT_PORT = 10250;

    private final Objects objects;

    /**
     * Kubelets.
     *
     * @param objects finds nodes
     */
    public Kubelets(Objects objects) {
        this.objects = objects;
    }

    /**
     * Finds a kubelet.
     *
     * @param node the node's name
     * @return the start of its URI, for example {@code https://192.0.2.4:10250}
     * @throws dev.kite.apiserver.request.StatusException 404 where there is no such node, 500 where it tells no address
     */
    public URI of(String node) {
        ObjectNode found = node(node);
        return URI.create("https://" + host(found) + ":" + port(found));
    }

    /** The host of a node's address, as it is written in URIs. */
    String host(String node) {
        return host(node(node));
    }

    /** Whether a port of a node, by its number or empty, is its kubelet's. */
    boolean isKubelet(String node, String port) {
        return port.isEmpty() || port.equals(Long.toString(port(node(node))));
    }

    private ObjectNode node(String name) {
        ObjectNode found = objects.find("", "nodes", "", name);
        if (found == null) {
            throw Errors.notFound("", "nodes", name);
        }
        return found;
    }

    private static long port(ObjectNode node) {
        long port = Tree.number(node, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
        return port == 0 ? DEFAULT_PORT : port;
    }

    private static String host(ObjectNode node) {
        for (String type : ADDRESS_TYPES) {
            for (ObjectNode address : Tree.objects(node, "status", "addresses")) {
                String value = Tree.text(address, "address");
                if (Tree.text(address, "type").equals(type) && !value.isEmpty()) {
                    return value.indexOf(':') >= 0 ? "[" + value + "]" : value;
                }
            }
        }
        throw Errors.internal("no preferred addresses found; known addresses: []");
    }
}
