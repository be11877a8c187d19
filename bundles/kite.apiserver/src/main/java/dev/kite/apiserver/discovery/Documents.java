package dev.kite.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The plain discovery documents. Stateless. */
final class Documents {
    private Documents() {}

    static ObjectNode versions(Catalog.Group core, String serverAddress) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("kind", "APIVersions");
        list(
                document,
                "versions",
                core.versions().stream().map(Catalog.Version::name).toList());
        document.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", serverAddress);
        return document;
    }

    static ObjectNode groups(List<Catalog.Group> groups) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode list = document.putArray("groups");
        groups.stream().filter(g -> !g.name().isEmpty()).forEach(g -> describe(g, list.addObject()));
        return document;
    }

    static ObjectNode group(Catalog.Group group) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        describe(group, document.put("kind", "APIGroup").put("apiVersion", "v1"));
        return document;
    }

    private static void describe(Catalog.Group group, ObjectNode into) {
        into.put("name", group.name());
        ArrayNode versions = into.putArray("versions");
        group.versions().forEach(v -> version(group, v, versions.addObject()));
        if (!group.versions().isEmpty()) {
            version(group, group.versions().getFirst(), into.putObject("preferredVersion"));
        }
    }

    private static void version(Catalog.Group group, Catalog.Version version, ObjectNode into) {
        into.put("groupVersion", group.name() + "/" + version.name()).put("version", version.name());
    }

    static ObjectNode resources(String group, Catalog.Version version) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("kind", "APIResourceList");
        if (!group.isEmpty()) {
            document.put("apiVersion", "v1");
        }
        document.put("groupVersion", group.isEmpty() ? version.name() : group + "/" + version.name());
        ArrayNode list = document.putArray("resources");
        for (Catalog.Resource resource : version.resources()) {
            ObjectNode one = list.addObject();
            one.put("name", resource.name())
                    .put("singularName", resource.singular())
                    .put("namespaced", resource.namespaced())
                    .put("kind", resource.kind());
            list(one, "verbs", resource.verbs());
            if (!resource.shortNames().isEmpty()) {
                list(one, "shortNames", resource.shortNames());
            }
            if (!resource.categories().isEmpty()) {
                list(one, "categories", resource.categories());
            }
            // What cannot be watched is made up when asked for: it has no storage version.
            if (!resource.storageVersion().isEmpty() && resource.verbs().contains("watch")) {
                one.put("storageVersionHash", hash(resource.storageVersion()));
            }
            for (Catalog.Subresource sub : resource.subresources()) {
                subresource(group, version.name(), resource, sub, list.addObject());
            }
        }
        return document;
    }

    private static void subresource(
            String group, String version, Catalog.Resource resource, Catalog.Subresource sub, ObjectNode into) {
        into.put("name", resource.name() + "/" + sub.name())
                .put("singularName", "")
                .put("namespaced", resource.namespaced());
        if (!sub.group().equals(group) || !sub.version().equals(version)) {
            if (!sub.group().isEmpty()) {
                into.put("group", sub.group());
            }
            into.put("version", sub.version());
        }
        into.put("kind", sub.kind());
        list(into, "verbs", sub.verbs());
    }

    static void list(ObjectNode into, String field, List<String> values) {
        ArrayNode array = into.putArray(field);
        values.forEach(array::add);
    }

    /** The first 8 bytes of SHA-256 of group/version/kind: clients tell by it whether a storage migration is due. */
    private static String hash(String storageVersion) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(storageVersion.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
