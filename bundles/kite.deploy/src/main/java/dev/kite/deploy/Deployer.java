package dev.kite.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Discovery;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.Patch;
import dev.kite.deploy.Manifest.Gvk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies one file and removes what it no longer has. One thread at a time. */
final class Deployer {
    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
    private static final int SHOWN_FAILURES = 3;
    private static final long MAX_FILE = 16L << 20;
    /** Kinds of which a changed field may demand a new object. */
    private static final Set<String> REPLACEABLE = Set.of("Job", "Deployment", "DaemonSet");

    private final KubernetesClient client;
    private final Addons addons;
    private final String manager;
    private final Map<String, String> variables;

    Deployer(KubernetesClient client, String nodeName, Map<String, String> variables) {
        this.client = client;
        this.addons = new Addons(client);
        this.manager = "deploy@" + nodeName;
        this.variables = Map.copyOf(variables);
    }

    List<String> addonNames() {
        return addons.names();
    }

    /**
     * Applies a file.
     *
     * @param always whether also where its checksum is that of the last time, as at start
     * @throws ManifestException if something could not be applied: then nothing is removed, and it is to be tried again
     */
    void deploy(String name, Path file, boolean always) throws ManifestException {
        ObjectNode addon = addons.ensure(name, file.toString());
        byte[] content;
        try {
            content = read(file);
        } catch (IOException e) {
            addons.warning(addon, "ReadManifestFailed", "Read manifest at \"" + file + "\" failed: " + e.getMessage());
            throw new ManifestException("cannot read " + file + ": " + e.getMessage(), e);
        }
        String checksum = checksum(content);
        if (!always && checksum.equals(Addons.checksum(addon))) {
            return;
        }
        Manifest manifest;
        try {
            manifest = Manifest.read(expand(new String(content, StandardCharsets.UTF_8)));
        } catch (ManifestException e) {
            addons.warning(
                    addon, "ParseManifestFailed", "Parse manifest at \"" + file + "\" failed: " + e.getMessage());
            throw new ManifestException(file + ": " + e.getMessage(), e);
        }
        addons.normal(addon, "ApplyingManifest", "Applying manifest at \"" + file + "\"");
        try {
            apply(name, addon, manifest);
        } catch (ManifestException e) {
            addons.warning(
                    addon, "ApplyManifestFailed", "Applying manifest at \"" + file + "\" failed: " + e.getMessage());
            throw new ManifestException(file + ": " + e.getMessage(), e);
        }
        addons.applied(addon, file.toString(), checksum, manifest);
        addons.normal(addon, "AppliedManifest", "Applied manifest at \"" + file + "\"");
        LOG.info("Applied {} ({} objects)", file, manifest.objects().size());
    }

    /** Removes all that an addon applied, and the addon. */
    void remove(String name) throws ManifestException {
        ObjectNode addon = addons.ensure(name, "");
        addons.normal(addon, "DeletingManifest", "Deleting what addon \"" + name + "\" applied");
        apply(name, addon, new Manifest(List.of()));
        addons.delete(name);
        LOG.info("Removed addon {}", name);
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException("it is larger than 16 MiB");
        }
        return Files.readAllBytes(file);
    }

    private String expand(String text) {
        String expanded = text;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            expanded = expanded.replace("%{" + variable.getKey() + "}%", variable.getValue());
        }
        return expanded;
    }

    private static String checksum(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void apply(String name, ObjectNode addon, Manifest manifest) throws ManifestException {
        Ownership ownership = new Ownership(name);
        List<String> failures = new ArrayList<>();
        Map<Gvk, Set<ObjectKey>> kept = new HashMap<>();
        for (ObjectNode object : manifest.objects()) {
            Gvk kind = Manifest.kind(object);
            try {
                kept.computeIfAbsent(kind, _ -> new HashSet<>()).add(applyOne(ownership.mark(object), kind));
            } catch (ManifestException | ApiException e) {
                failures.add(
                        kind.kind() + " " + object.path("metadata").path("name").asText() + ": " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            int more = failures.size() - SHOWN_FAILURES;
            throw new ManifestException(String.join(
                            "; ", failures.subList(0, Math.min(SHOWN_FAILURES, failures.size())))
                    + (more > 0 ? "; and " + more + " more" : ""));
        }
        Set<Gvk> kinds = new LinkedHashSet<>(manifest.kinds());
        kinds.addAll(Addons.appliedKinds(addon));
        for (Gvk kind : List.copyOf(kinds).reversed()) {
            prune(ownership, kind, kept.getOrDefault(kind, Set.of()));
        }
    }

    private ObjectKey applyOne(ObjectNode object, Gvk kind) throws ManifestException {
        Discovery.Resource resource = find(kind)
                .orElseThrow(() -> new ManifestException(
                        "no matches for kind \"" + kind.kind() + "\" in version \"" + kind.apiVersion() + "\""));
        ObjectNode metadata = object.withObject("/metadata");
        String namespace = resource.namespaced() ? metadata.path("namespace").asText("default") : "";
        if (resource.namespaced()) {
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        metadata.remove(List.of("resourceVersion", "uid", "creationTimestamp", "generation", "managedFields"));
        String name = metadata.path("name").asText();
        GenericResourceClient objects = client.generic(resource.group(), resource.version(), resource.plural());
        Patch patch = new Patch.Apply(object.toString(), manager, true);
        try {
            objects.patch(namespace, name, patch, "");
        } catch (ApiException e) {
            if (e.code() != 422 || !REPLACEABLE.contains(kind.kind()) || !immutable(e)) {
                throw e;
            }
            objects.delete(namespace, name, DeleteRequest.BACKGROUND);
            objects.patch(namespace, name, patch, "");
        }
        return new ObjectKey(namespace, name);
    }

    private static boolean immutable(ApiException e) {
        return String.valueOf(e.getMessage()).contains("field is immutable");
    }

    private Optional<Discovery.Resource> find(Gvk kind) {
        return client.discovery().find(kind.apiVersion(), kind.kind());
    }

    /** Removes objects of a kind that bear the addon's mark and that its file has no more. */
    private void prune(Ownership ownership, Gvk kind, Set<ObjectKey> kept) {
        Optional<Discovery.Resource> resource = find(kind);
        if (resource.isEmpty()) {
            // The kind is gone from the server, and its objects with it.
            return;
        }
        GenericResourceClient objects = client.generic(
                resource.get().group(), resource.get().version(), resource.get().plural());
        for (JsonNode object : objects.listMetadata("", ListOptions.labels(ownership.selector()))
                .path("items")) {
            JsonNode metadata = object.path("metadata");
            ObjectKey key = new ObjectKey(
                    metadata.path("namespace").asText(), metadata.path("name").asText());
            if (!kept.contains(key)) {
                delete(objects, key, metadata.path("uid").asText());
            }
        }
    }

    private static void delete(GenericResourceClient objects, ObjectKey key, String uid) {
        try {
            objects.delete(key.namespace(), key.name(), DeleteRequest.BACKGROUND.only(uid));
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }
}
