package dev.kite.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.MediaType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The encodings of apidiscovery.k8s.io/v2, in which all groups and resources are one document. A 1.36 server has no v2beta1 any more. */
enum AggregatedForm {
    JSON(MediaType.JSON);

    private static final String GROUP = "apidiscovery.k8s.io";
    private static final String VERSION = "v2";
    private static final String KIND = "APIGroupDiscoveryList";

    private final String mediaType;

    AggregatedForm(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The form that the client prefers of those that it asks for; empty if it asks for none: a plain form beside one does not count, as upstream. */
    static Optional<AggregatedForm> negotiate(@Nullable String accept) {
        if (accept == null) {
            return Optional.empty();
        }
        for (MediaType range : MediaType.parse(accept)) {
            boolean asked = range.parameter("as").equals(KIND)
                    && range.parameter("g").equals(GROUP)
                    && range.parameter("v").equals(VERSION);
            for (AggregatedForm form : values()) {
                if (asked && range.includes(form.mediaType)) {
                    return Optional.of(form);
                }
            }
        }
        return Optional.empty();
    }

    Discovery.Answer.Aggregated answer(List<Catalog.Group> groups) {
        ObjectNode tree = tree(groups);
        byte[] json = tree.toString().getBytes(StandardCharsets.UTF_8);
        String type = mediaType + ";g=" + GROUP + ";v=" + VERSION + ";as=" + KIND;
        return new Discovery.Answer.Aggregated(
                type, ByteBuffer.wrap(json).asReadOnlyBuffer(), "\"" + hash(json) + "\"");
    }

    private static String hash(byte[] body) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-512").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-512", e);
        }
    }

    private static ObjectNode tree(List<Catalog.Group> groups) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", KIND).put("apiVersion", GROUP + "/" + VERSION);
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        for (Catalog.Group group : groups) {
            ObjectNode item = items.addObject();
            ObjectNode metadata = item.putObject("metadata");
            if (!group.name().isEmpty()) {
                metadata.put("name", group.name());
            }
            ArrayNode versions = item.putArray("versions");
            for (Catalog.Version one : group.versions()) {
                ObjectNode into = versions.addObject().put("version", one.name());
                if (!one.resources().isEmpty()) {
                    ArrayNode resources = into.putArray("resources");
                    one.resources().forEach(r -> resource(group.name(), one.name(), r, resources.addObject()));
                }
                into.put("freshness", one.current() ? "Current" : "Stale");
            }
        }
        return list;
    }

    private static void resource(String group, String version, Catalog.Resource resource, ObjectNode into) {
        into.put("resource", resource.name());
        kind(into, "", "", resource.kind());
        into.put("scope", resource.namespaced() ? "Namespaced" : "Cluster")
                .put("singularResource", resource.singular());
        Documents.list(into, "verbs", resource.verbs());
        if (!resource.shortNames().isEmpty()) {
            Documents.list(into, "shortNames", resource.shortNames());
        }
        if (!resource.categories().isEmpty()) {
            Documents.list(into, "categories", resource.categories());
        }
        if (!resource.subresources().isEmpty()) {
            ArrayNode below = into.putArray("subresources");
            for (Catalog.Subresource sub : resource.subresources()) {
                ObjectNode one = below.addObject().put("subresource", sub.name());
                boolean own = sub.group().equals(group) && sub.version().equals(version);
                kind(one, own ? "" : sub.group(), own ? "" : sub.version(), sub.kind());
                Documents.list(one, "verbs", sub.verbs());
            }
        }
    }

    private static void kind(ObjectNode into, String group, String version, String kind) {
        into.putObject("responseKind")
                .put("group", group)
                .put("version", version)
                .put("kind", kind);
    }
}
