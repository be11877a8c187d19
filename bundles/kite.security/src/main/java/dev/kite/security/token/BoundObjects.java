package dev.kite.security.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.security.StoredObjects;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The objects whose life is a token's. They are looked at with each request, so only as far as needed. */
final class BoundObjects {
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";

    private final StoredObjects objects;

    BoundObjects(StoredObjects objects) {
        this.objects = objects;
    }

    /**
     * An object that is there.
     *
     * @param uid its uid
     * @param deleted when it was to be gone, null where it is not being deleted
     */
    record Found(String uid, @Nullable Instant deleted) {}

    @Nullable
    Found find(String resource, String namespace, String name) {
        byte[] stored = objects.get("", resource, namespace, name);
        if (stored == null) {
            return null;
        }
        try (JsonParser parser = JSON.createParser(stored)) {
            return find(parser);
        } catch (IOException | DateTimeParseException e) {
            throw new IllegalStateException(resource + "/" + name + " is stored malformed", e);
        }
    }

    /** Reads up to the end of metadata, which comes before spec. */
    private static Found find(JsonParser parser) throws IOException {
        String uid = "";
        Instant deleted = null;
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean metadata = parser.currentName().equals("metadata");
            parser.nextToken();
            if (!metadata) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "uid" -> uid = parser.getText();
                    case "deletionTimestamp" ->
                        deleted =
                                parser.currentToken() == JsonToken.VALUE_NULL ? null : Instant.parse(parser.getText());
                    default -> parser.skipChildren();
                }
            }
            break;
        }
        return new Found(uid, deleted);
    }

    /** Says that a Secret's token was used, once a day. */
    void used(String namespace, String secret, Instant now) {
        String today = LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
        if (!label("secrets", namespace, secret, LAST_USED).equals(today)) {
            objects.tokenUsed(namespace, secret);
        }
    }

    /** A label of an object, empty where it has none or is not there. */
    String label(String resource, String namespace, String name, String label) {
        byte[] stored = objects.get("", resource, namespace, name);
        try {
            return stored == null
                    ? ""
                    : MAPPER.readTree(stored)
                            .path("metadata")
                            .path("labels")
                            .path(label)
                            .asText();
        } catch (IOException e) {
            throw new IllegalStateException(resource + "/" + name + " is stored malformed", e);
        }
    }

    /** The token that a Secret holds, base64 as stored; empty where it holds none or is not there. */
    String secretToken(String namespace, String name) {
        byte[] stored = objects.get("", "secrets", namespace, name);
        try {
            return stored == null
                    ? ""
                    : MAPPER.readTree(stored).path("data").path("token").asText();
        } catch (IOException e) {
            throw new IllegalStateException("secrets/" + name + " is stored malformed", e);
        }
    }
}
