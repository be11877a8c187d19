package dev.kite.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Objects as JSON trees.
 *
 * @param mapper reads trees
 */
record TreeShape(ObjectMapper mapper) implements Shape<ObjectNode> {
    @Override
    public ObjectNode read(byte[] json, int offset, int length) throws IOException {
        if (mapper.readTree(json, offset, length) instanceof ObjectNode object) {
            return object;
        }
        throw new IOException("an object was expected");
    }

    @Override
    public String namespace(ObjectNode object) {
        return object.path("metadata").path("namespace").asText("");
    }

    @Override
    public String name(ObjectNode object) {
        return object.path("metadata").path("name").asText("");
    }

    @Override
    public String resourceVersion(ObjectNode object) {
        return object.path("metadata").path("resourceVersion").asText("");
    }

    @Override
    public boolean initialEventsEnd(ObjectNode object) {
        return object.path("metadata")
                .path("annotations")
                .path(INITIAL_EVENTS_END)
                .asText("")
                .equals("true");
    }
}
