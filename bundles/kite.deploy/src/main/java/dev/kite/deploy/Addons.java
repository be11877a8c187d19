package dev.kite.deploy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ListOptions;
import dev.kite.model.core.v1.ObjectReference;
import java.util.ArrayList;
import java.util.List;

/** The Addon objects in kube-system, and Events about them. */
final class Addons {
    static final String GVKS = "addon.k3s.cattle.io/gvks";

    private final GenericResourceClient addons;
    private final EventRecorder events;

    Addons(KubernetesClient client) {
        this.addons = client.generic("k3s.cattle.io", "v1", "addons");
        this.events = client.events("deploy", "");
    }

    /** The addon of a name, made where there is none, so that Events have something to be about. */
    ObjectNode ensure(String name, String source) {
        return addons.find(Ownership.NAMESPACE, name).orElseGet(() -> {
            ObjectNode addon = JsonNodeFactory.instance.objectNode();
            addon.put("apiVersion", "k3s.cattle.io/v1").put("kind", "Addon");
            addon.putObject("metadata").put("name", name).put("namespace", Ownership.NAMESPACE);
            addon.putObject("spec").put("source", source);
            return addons.create(Ownership.NAMESPACE, addon);
        });
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        addons.list(Ownership.NAMESPACE, ListOptions.ALL)
                .path("items")
                .forEach(addon -> names.add(addon.path("metadata").path("name").asText()));
        return names;
    }

    static List<Manifest.Gvk> appliedKinds(ObjectNode addon) {
        return Manifest.Gvk.parse(
                addon.path("metadata").path("annotations").path(GVKS).asText());
    }

    static String checksum(ObjectNode addon) {
        return addon.path("spec").path("checksum").asText();
    }

    /** Notes what was applied. */
    void applied(ObjectNode addon, String source, String checksum, Manifest manifest) {
        ObjectNode changed = addon.deepCopy();
        List<String> kinds = manifest.kinds().stream().map(Manifest.Gvk::text).toList();
        ObjectNode metadata = changed.withObject("/metadata");
        ObjectNode annotations =
                metadata.get("annotations") instanceof ObjectNode there ? there : metadata.putObject("annotations");
        annotations.put(GVKS, String.join(";", kinds));
        changed.putObject("spec").put("source", source).put("checksum", checksum);
        if (!changed.equals(addon)) {
            addons.update(Ownership.NAMESPACE, changed);
        }
    }

    void delete(String name) {
        try {
            addons.delete(Ownership.NAMESPACE, name, DeleteRequest.BACKGROUND);
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    void normal(ObjectNode addon, String reason, String message) {
        events.record(reference(addon), EventRecorder.Type.NORMAL, reason, message);
    }

    void warning(ObjectNode addon, String reason, String message) {
        events.record(reference(addon), EventRecorder.Type.WARNING, reason, message);
    }

    private static ObjectReference reference(ObjectNode addon) {
        return ObjectReference.builder()
                .apiVersion("k3s.cattle.io/v1")
                .kind("Addon")
                .namespace(Ownership.NAMESPACE)
                .name(addon.path("metadata").path("name").asText())
                .uid(addon.path("metadata").path("uid").asText())
                .build();
    }
}
