package dev.kite.security.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.security.node.NodeGraph.ObjectKey;
import dev.kite.security.node.NodeGraph.Pod;
import dev.kite.security.node.NodeGraph.Volume;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what pods and volumes refer to from their JSON. */
final class NodeGraphJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** Volumes that name a secret of the pod's namespace, and in which field. */
    private static final List<String> SECRET_REF_VOLUMES =
            List.of("azureFile", "cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos");

    private NodeGraphJson() {}

    static Pod pod(byte[] json) {
        JsonNode pod = tree(json);
        JsonNode spec = pod.path("spec");
        Set<String> secrets = new HashSet<>();
        Set<String> configMaps = new HashSet<>();
        Set<String> claims = new HashSet<>();
        Set<String> resourceClaims = new HashSet<>();
        String phase = pod.path("status").path("phase").asText();
        boolean mirror = pod.path("metadata").path("annotations").has("kubernetes.io/config.mirror");
        // A pod that ended needs nothing more; a mirror pod is the node's own word and must not open doors to it.
        boolean needs = !mirror && !phase.equals("Succeeded") && !phase.equals("Failed");
        if (needs) {
            names(spec.path("imagePullSecrets"), "name", secrets);
            for (String field : List.of("initContainers", "containers", "ephemeralContainers")) {
                for (JsonNode container : spec.path(field)) {
                    container(container, secrets, configMaps);
                }
            }
            String podName = pod.path("metadata").path("name").asText();
            for (JsonNode volume : spec.path("volumes")) {
                volume(podName, volume, secrets, configMaps, claims);
            }
            names(spec.path("resourceClaims"), "resourceClaimName", resourceClaims);
            names(pod.path("status").path("resourceClaimStatuses"), "resourceClaimName", resourceClaims);
            add(pod.path("status").path("extendedResourceClaimStatus").path("resourceClaimName"), resourceClaims);
        }
        return new Pod(
                spec.path("nodeName").asText(),
                needs ? spec.path("serviceAccountName").asText() : "",
                Set.copyOf(secrets),
                Set.copyOf(configMaps),
                Set.copyOf(claims),
                Set.copyOf(resourceClaims));
    }

    private static void container(JsonNode container, Set<String> secrets, Set<String> configMaps) {
        for (JsonNode from : container.path("envFrom")) {
            add(from.path("secretRef").path("name"), secrets);
            add(from.path("configMapRef").path("name"), configMaps);
        }
        for (JsonNode variable : container.path("env")) {
            add(variable.path("valueFrom").path("secretKeyRef").path("name"), secrets);
            add(variable.path("valueFrom").path("configMapKeyRef").path("name"), configMaps);
        }
    }

    private static void volume(
            String podName, JsonNode volume, Set<String> secrets, Set<String> configMaps, Set<String> claims) {
        add(volume.path("secret").path("secretName"), secrets);
        add(volume.path("configMap").path("name"), configMaps);
        add(volume.path("persistentVolumeClaim").path("claimName"), claims);
        if (volume.has("ephemeral")) {
            // The claim that its controller makes for it is named so.
            claims.add(podName + "-" + volume.path("name").asText());
        }
        add(volume.path("csi").path("nodePublishSecretRef").path("name"), secrets);
        add(volume.path("azureFile").path("secretName"), secrets);
        for (String type : SECRET_REF_VOLUMES) {
            add(volume.path(type).path("secretRef").path("name"), secrets);
        }
        for (JsonNode source : volume.path("projected").path("sources")) {
            add(source.path("secret").path("name"), secrets);
            add(source.path("configMap").path("name"), configMaps);
        }
    }

    static Volume volume(byte[] json) {
        JsonNode spec = tree(json).path("spec");
        JsonNode claim = spec.path("claimRef");
        Set<ObjectKey> secrets = new HashSet<>();
        for (String field : List.of(
                "nodePublishSecretRef", "nodeStageSecretRef", "controllerPublishSecretRef", "nodeExpandSecretRef")) {
            JsonNode secret = spec.path("csi").path(field);
            if (secret.has("name")) {
                secrets.add(new ObjectKey(
                        secret.path("namespace").asText(), secret.path("name").asText()));
            }
        }
        String claimNamespace = claim.path("namespace").asText();
        for (String type : SECRET_REF_VOLUMES) {
            JsonNode secret = spec.path(type).path("secretRef");
            if (secret.has("name")) {
                secrets.add(new ObjectKey(
                        secret.path("namespace").asText(claimNamespace),
                        secret.path("name").asText()));
            }
        }
        JsonNode azure = spec.path("azureFile");
        if (azure.has("secretName")) {
            secrets.add(new ObjectKey(
                    azure.path("secretNamespace").asText(claimNamespace),
                    azure.path("secretName").asText()));
        }
        return new Volume(
                claim.has("name")
                        ? new ObjectKey(claimNamespace, claim.path("name").asText())
                        : null,
                Set.copyOf(secrets));
    }

    static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("malformed JSON", e);
        }
    }

    private static void names(JsonNode list, String field, Set<String> names) {
        for (JsonNode element : list) {
            add(element.path(field), names);
        }
    }

    private static void add(JsonNode name, Set<String> names) {
        String text = name.asText();
        if (!text.isEmpty()) {
            names.add(text);
        }
    }
}
