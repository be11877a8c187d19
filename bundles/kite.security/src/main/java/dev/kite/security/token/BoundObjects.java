package dev.kite.security.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.security.StoredObjects;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The objects whose life is a token's. */
final class BoundObjects {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final StoredObjects objects;

    BoundObjects(StoredObjects objects) {
        this.objects = objects;
    }

    /**
     * An object that is there.
     *
     * @param uid its uid
     * @param deleted when it was to be gone, null where it is not being deleted
     * @param json the whole
     */
    record Found(String uid, @Nullable Instant deleted, JsonNode json) {}

    @Nullable
    Found find(String resource, String namespace, String name) {
        byte[] stored = objects.get("", resource, namespace, name);
        if (stored == null) {
            return null;
        }
        try {
            JsonNode json = MAPPER.readTree(stored);
            JsonNode metadata = json.path("metadata");
            String deleted = metadata.path("deletionTimestamp").asText();
            return new Found(metadata.path("uid").asText(), deleted.isEmpty() ? null : Instant.parse(deleted), json);
        } catch (IOException | DateTimeParseException e) {
            throw new IllegalStateException(resource + "/" + name + " is stored malformed", e);
        }
    }
}
