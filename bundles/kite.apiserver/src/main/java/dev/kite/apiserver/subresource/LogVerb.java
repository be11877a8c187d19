package dev.kite.apiserver.subresource;

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
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Streams a container's log from its node's kubelet. */
public final class LogVerb implements Verb {
    private static final List<String> OPTIONS = List.of(
            "follow", "previous", "sinceSeconds", "sinceTime", "timestamps", "tailLines", "limitBytes", "stream");
    private static final int MOST_OF_AN_ERROR = 10_240;
    private static final String TEXT = "text/plain; charset=utf-8";

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
    public LogVerb(Objects objects, Kubelets kubelets, HttpClient client) {
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
        String container = PodContainers.choose(pod, call.query().first("container", ""));
        String node = Tree.text(pod, "spec", "nodeName");
        HttpExchange exchange = call.exchange();
        if (node.isEmpty()) {
            exchange.respond(200, TEXT, new byte[0]);
            return;
        }
        Query query = new Query();
        OPTIONS.forEach(option -> call.query().all(option).forEach(value -> query.add(option, value)));
        URI target =
                URI.create(kubelets.of(node) + "/containerLogs/" + namespace + "/" + name + "/" + container + query);
        stream(exchange, name, target);
    }

    private void stream(HttpExchange exchange, String pod, URI target) throws IOException {
        HttpClientResponse response;
        try {
            response = client.send(HttpClientRequest.of("GET", target));
        } catch (IOException e) {
            throw Errors.internal("Get \"" + target + "\": " + e.getMessage());
        }
        try (response) {
            exchange.onClose(response::close);
            if (response.status() < 200 || response.status() > 206) {
                throw refusal(response, pod);
            }
            exchange.status(200);
            exchange.responseHeaders().set("Content-Type", TEXT);
            // Who follows wants to know at once that the log is there, before its first line.
            exchange.responseBody().flush();
            byte[] buffer = new byte[16 * 1024];
            int read = response.body().read(buffer);
            while (read >= 0) {
                exchange.responseBody().write(buffer, 0, read);
                exchange.responseBody().flush();
                read = response.body().read(buffer);
            }
        }
    }

    private static StatusException refusal(HttpClientResponse response, String pod) throws IOException {
        String text = new String(response.body().readNBytes(MOST_OF_AN_ERROR), StandardCharsets.UTF_8).strip();
        return switch (response.status()) {
            case 400 -> Errors.badRequest(text);
            case 404 ->
                new StatusException(
                        404,
                        "NotFound",
                        "the server could not find the requested resource ( pods/log " + pod + ")",
                        StatusException.Details.NONE);
            default -> Errors.internal(text);
        };
    }
}
