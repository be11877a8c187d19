package dev.kite.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The versions of apidiscovery.k8s.io, in which all groups and resources are one document. */
enum AggregatedForm {
    V2("v2"),
    V2BETA1("v2beta1");

    private static final String GROUP = "apidiscovery.k8s.io";
    private static final String KIND = "APIGroupDiscoveryList";

    private final String version;

    AggregatedForm(String version) {
        this.version = version;
    }

    /** The form that the client prefers; empty if it would rather have, or only takes, the plain documents. */
    static Optional<AggregatedForm> negotiate(@Nullable String accept) {
        if (accept == null) {
            return Optional.empty();
        }
        for (String range : accept.split(",")) {
            String[] parts = range.toLowerCase(Locale.ROOT).split(";", -1);
            String type = parts[0].strip();
            if (!type.equals("application/json") && !type.equals("*/*") && !type.equals("application/*")) {
                continue;
            }
            String as = parameter(parts, "as");
            if (as.isEmpty()) {
                return Optional.empty();
            }
            for (AggregatedForm form : values()) {
                if (as.equals(KIND.toLowerCase(Locale.ROOT))
                        && parameter(parts, "g").equals(GROUP)
                        && parameter(parts, "v").equals(form.version)) {
                    return Optional.of(form);
                }
            }
        }
        return Optional.empty();
    }

    private static String parameter(String[] parts, String name) {
        for (String part : parts) {
            String stripped = part.strip();
            if (stripped.startsWith(name + "=")) {
                return stripped.substring(name.length() + 1);
            }
        }
        return "";
    }

    Discovery.Answer.Aggregated answer(List<Catalog.Group> groups) {
        byte[] body = tree(groups).toString().getBytes(StandardCharsets.UTF_8);
        String type = "application/json;g=" + GROUP + ";v=" + version + ";as=" + KIND;
        return new Discovery.Answer.Aggregated(
                type, ByteBuffer.wrap(body).asReadOnlyBuffer(), "\"" + hash(body) + "\"");
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

    private ObjectNode tree(List<Catalog.Group> groups) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", KIND).put("apiVersion", GROUP + "/" + version);
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
