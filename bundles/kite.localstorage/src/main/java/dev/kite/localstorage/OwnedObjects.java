package dev.kite.localstorage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.KubernetesClient;
import dev.kite.model.core.v1.ConfigMap;
import dev.kite.model.storage.v1.StorageClass;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** The StorageClass and the ConfigMap of k3s's names, which this feature makes and, when it is disabled, removes. Thread-safe. */
final class OwnedObjects {
    static final String CLASS = "local-path";
    static final String CONFIG = "local-path-config";
    static final String NAMESPACE = "kube-system";
    static final String CONFIG_KEY = "config.json";

    /** What is asked for where nobody changed the scripts: this process does it, without a shell. */
    static final String SETUP = "#!/bin/sh\nset -e\nmkdir -p -m 0777 \"$VOL_DIR\"\nchmod 0777 \"$VOL_DIR\"\n";

    static final String TEARDOWN = "#!/bin/sh\nset -e\nrm -rf \"$VOL_DIR\"\n";

    /** Digest of the data as it was written by us: where it fits no more, somebody has changed the data, and it stays. */
    private static final String WRITTEN = "features.kite.dev/written";

    private static final String FEATURE = "features.kite.dev/feature";
    private static final String HELPER_POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: helper-pod
            spec:
              containers:
              - name: helper-pod
                image: "rancher/mirrored-library-busybox:1.37.0"
                imagePullPolicy: IfNotPresent
            """;

    private final KubernetesClient client;
    private final Path storage;

    OwnedObjects(KubernetesClient client, Path storage) {
        this.client = client;
        this.storage = storage;
    }

    /** Makes what is absent, and brings the ConfigMap up to date where nobody has changed it. */
    void ensure() {
        ensureClass();
        ensureConfig();
    }

    private void ensureClass() {
        if (client.resource(StorageClass.RESOURCE).find("", CLASS).isPresent()) {
            return;
        }
        StorageClass storageClass = StorageClass.builder()
                .metadata(meta -> meta.name(CLASS)
                        .putLabels(FEATURE, LocalStorage.FEATURE)
                        .putAnnotations("storageclass.kubernetes.io/is-default-class", "true")
                        .putAnnotations("defaultVolumeType", "hostPath"))
                .provisioner(VolumePlan.PROVISIONER)
                .reclaimPolicy("Delete")
                .volumeBindingMode("WaitForFirstConsumer")
                .build();
        try {
            client.resource(StorageClass.RESOURCE).create(storageClass);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    private void ensureConfig() {
        Map<String, String> data = data();
        ConfigMap there =
                client.resource(ConfigMap.RESOURCE).find(NAMESPACE, CONFIG).orElse(null);
        if (there == null) {
            client.resource(ConfigMap.RESOURCE)
                    .create(written(ConfigMap.builder().build(), data));
        } else if (!there.data().equals(data)
                && digest(there.data()).equals(there.metadata().annotations().get(WRITTEN))) {
            client.resource(ConfigMap.RESOURCE).update(written(there, data));
        }
    }

    private static ConfigMap written(ConfigMap from, Map<String, String> data) {
        return from.toBuilder()
                .metadata(meta -> meta.name(CONFIG)
                        .namespace(NAMESPACE)
                        .putLabels(FEATURE, LocalStorage.FEATURE)
                        .putAnnotations(WRITTEN, digest(data)))
                .data(data)
                .build();
    }

    private Map<String, String> data() {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("node", StorageConfig.OTHER_NODES);
        entry.put("paths", List.of(storage.toString()));
        try {
            String json = new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(Map.of("nodePathMap", List.of(entry)));
            return Map.of(CONFIG_KEY, json, "setup", SETUP, "teardown", TEARDOWN, "helperPod.yaml", HELPER_POD);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(Map<String, String> data) {
        CRC32C crc = new CRC32C();
        new java.util.TreeMap<>(data).forEach((key, value) -> {
            crc.update((key + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8));
        });
        return Long.toHexString(crc.getValue());
    }

    /**
     * The scripts and the configuration as they are now.
     *
     * @return the data of the ConfigMap
     * @throws VolumeException if it is gone
     */
    Map<String, String> current() throws VolumeException {
        return client.resource(ConfigMap.RESOURCE)
                .find(NAMESPACE, CONFIG)
                .map(ConfigMap::data)
                .orElseThrow(() -> new VolumeException("the ConfigMap " + NAMESPACE + "/" + CONFIG
                        + " is gone; kite feature disable and enable " + LocalStorage.FEATURE + " makes it again"));
    }

    /** Removes both, the class only where it is this provisioner's. */
    void remove() {
        StorageClass there =
                client.resource(StorageClass.RESOURCE).find("", CLASS).orElse(null);
        if (there != null && there.provisioner().equals(VolumePlan.PROVISIONER)) {
            delete(() -> client.resource(StorageClass.RESOURCE).delete("", CLASS, DeleteRequest.DEFAULT));
        }
        delete(() -> client.resource(ConfigMap.RESOURCE).delete(NAMESPACE, CONFIG, DeleteRequest.DEFAULT));
    }

    private static void delete(Runnable deletion) {
        try {
            deletion.run();
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }
}
