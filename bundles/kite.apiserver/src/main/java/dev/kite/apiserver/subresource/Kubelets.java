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
        ObjectNode found = objects.find("", "nodes", "", node);
        if (found == null) {
            throw Errors.notFound("", "nodes", node);
        }
        long port = Tree.number(found, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
        return URI.create("https://" + host(found) + ":" + (port == 0 ? DEFAULT_PORT : port));
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
