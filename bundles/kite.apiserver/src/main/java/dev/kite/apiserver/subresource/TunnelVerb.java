package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.QueryParameters;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.tree.Tree;
import dev.kite.http.HttpClient;
import java.io.IOException;
import java.net.URI;

/** Exec, attach and port-forward: the client's upgraded connection, WebSocket or SPDY, passed on to the kubelet byte by byte. */
public final class TunnelVerb implements Verb {
    private final Objects objects;
    private final Kubelets kubelets;
    private final HttpClient client;

    /**
     * The verb.
     *
     * @param objects finds pods
     * @param kubelets finds kubelets
     * @param client reaches them
     */
    public TunnelVerb(Objects objects, Kubelets kubelets, HttpClient client) {
        this.objects = objects;
        this.kubelets = kubelets;
        this.client = client;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        String namespace = call.info().namespace();
        String name = call.info().name();
        ObjectNode pod = objects.find("", "pods", namespace, name);
        if (pod == null) {
            throw resource.notFound(name);
        }
        String node = Tree.text(pod, "spec", "nodeName");
        if (node.isEmpty()) {
            throw Errors.badRequest("pod " + name + " does not have a host assigned");
        }
        String path = "/" + namespace + "/" + name;
        String target = switch (call.info().subresource()) {
            case "exec" -> "/exec" + path + "/" + container(call, pod) + streams(call.query(), true);
            case "attach" -> "/attach" + path + "/" + container(call, pod) + streams(call.query(), false);
            default -> "/portForward" + path + ports(call.query());
        };
        if (!call.exchange().upgradable()) {
            throw Errors.badRequest("Upgrade request required");
        }
        Forwarding.pass(call.exchange(), client, URI.create(kubelets.of(node) + target));
    }

    private static String container(Call call, ObjectNode pod) {
        return PodContainers.choose(pod, call.query().first("container", ""));
    }

    /** The kubelet's names of the streams differ from the API's. */
    private static String streams(QueryParameters query, boolean command) {
        Query out = new Query();
        flag(out, "input", query.flag("stdin"));
        flag(out, "output", query.flag("stdout"));
        flag(out, "error", query.flag("stderr"));
        flag(out, "tty", query.flag("tty"));
        if (command) {
            if (query.all("command").isEmpty()) {
                throw Errors.badRequest("you must specify at least 1 command for the container");
            }
            query.all("command").forEach(argument -> out.add("command", argument));
        }
        return out.toString();
    }

    private static String ports(QueryParameters query) {
        Query out = new Query();
        query.all("ports").forEach(port -> out.add("port", port));
        return out.toString();
    }

    private static void flag(Query out, String name, boolean set) {
        if (set) {
            out.add(name, "1");
        }
    }
}
