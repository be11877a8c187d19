package dev.kite.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectList;
import dev.kite.api.client.Watch;
import java.util.ArrayList;
import java.util.List;

/**
 * An informer's trees.
 *
 * @param client the resource
 */
record TreeSource(GenericResourceClient client) implements Source<ObjectNode> {
    @Override
    public ObjectList<ObjectNode> list(ListOptions options) {
        ObjectNode list = client.list("", options);
        List<ObjectNode> items = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            if (item instanceof ObjectNode object) {
                items.add(object);
            }
        }
        JsonNode metadata = list.path("metadata");
        return new ObjectList<>(
                items,
                metadata.path("resourceVersion").asText(""),
                metadata.path("continue").asText(""));
    }

    @Override
    public Watch<ObjectNode> watch(ListOptions options) {
        return client.watch("", options, false);
    }
}
