package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.QueryParameters;
import dev.kite.apiserver.admission.Admission;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Intent;
import java.io.IOException;
import java.util.List;

/**
 * A tunnel or proxy that admission is asked about before it opens: what is asked for is the object, as upstream shows it.
 *
 * @param verb the tunnel or proxy
 * @param admission asked first
 */
public record Connecting(Verb verb, Admission admission) implements Verb {
    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        Admitting write = new Admitting(
                Intent.of(call),
                Operation.CONNECT,
                resource,
                call.info().subresource(),
                call.info().namespace(),
                call.info().name(),
                options(call, resource),
                null);
        admission.pass(write);
        verb.serve(call, resource);
    }

    private static ObjectNode options(Call call, ApiResource resource) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        ApiResource.Subresource below = resource.subresources().get(call.info().subresource());
        if (below != null) {
            options.put("apiVersion", below.version()).put("kind", below.kind());
        }
        QueryParameters query = call.query();
        switch (call.info().subresource()) {
            case "exec", "attach" -> {
                for (String flag : List.of("stdin", "stdout", "stderr", "tty")) {
                    if (query.flag(flag)) {
                        options.put(flag, true);
                    }
                }
                if (!query.first("container", "").isEmpty()) {
                    options.put("container", query.first("container", ""));
                }
                if (!query.all("command").isEmpty()) {
                    query.all("command").forEach(options.putArray("command")::add);
                }
            }
            case "proxy" -> options.put("path", call.info().subpath());
            default -> {}
        }
        return options;
    }
}
