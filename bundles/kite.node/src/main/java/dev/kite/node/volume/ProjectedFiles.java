package dev.kite.node.volume;

import dev.kite.api.client.KubernetesClient;
import dev.kite.model.Bytes;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.ConfigMap;
import dev.kite.model.core.v1.DownwardAPIVolumeFile;
import dev.kite.model.core.v1.KeyToPath;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Secret;
import dev.kite.model.core.v1.ServiceAccountTokenProjection;
import dev.kite.model.core.v1.VolumeProjection;
import dev.kite.node.volume.AtomicFolder.FileContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the files of ConfigMaps, Secrets, the downward API and service account tokens into one map, for one pod. Later sources win over earlier ones, as Kubernetes documents for projected volumes. */
final class ProjectedFiles {
    private static final int DEFAULT_MODE = 0644;

    private final KubernetesClient client;
    private final PodTokens tokens;
    private final Pod pod;
    private final int defaultMode;
    private final SortedMap<String, FileContent> files = new TreeMap<>();

    ProjectedFiles(KubernetesClient client, PodTokens tokens, Pod pod, boolean modeGiven, int defaultMode) {
        this.client = client;
        this.tokens = tokens;
        this.pod = pod;
        this.defaultMode = modeGiven ? defaultMode : DEFAULT_MODE;
    }

    SortedMap<String, FileContent> files() {
        return files;
    }

    void configMap(String name, List<KeyToPath> items, boolean optional) throws IOException {
        Optional<ConfigMap> found = client.resource(ConfigMap.RESOURCE).find(namespace(), name);
        if (found.isEmpty()) {
            missing("configmap", name, optional);
            return;
        }
        Map<String, byte[]> data = new TreeMap<>();
        found.get().data().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
        found.get().binaryData().forEach((key, value) -> data.put(key, value.toByteArray()));
        add("configmap", name, data, items, optional);
    }

    void secret(String name, List<KeyToPath> items, boolean optional) throws IOException {
        Optional<Secret> found = client.resource(Secret.RESOURCE).find(namespace(), name);
        if (found.isEmpty()) {
            missing("secret", name, optional);
            return;
        }
        Map<String, byte[]> data = new TreeMap<>();
        for (Map.Entry<String, Bytes> entry : found.get().data().entrySet()) {
            data.put(entry.getKey(), entry.getValue().toByteArray());
        }
        add("secret", name, data, items, optional);
    }

    void downward(List<DownwardAPIVolumeFile> items) throws IOException {
        for (DownwardAPIVolumeFile item : items) {
            String value = item.hasFieldRef()
                    ? FieldReferences.field(pod, item.fieldRef().fieldPath())
                    : FieldReferences.resource(pod, item.resourceFieldRef(), this::allocatable);
            put(item.path(), value.getBytes(StandardCharsets.UTF_8), item.hasMode() ? item.mode() : defaultMode);
        }
    }

    private Map<String, Quantity> allocatable() {
        return client.resource(Node.RESOURCE)
                .get("", pod.spec().nodeName())
                .status()
                .allocatable();
    }

    void token(ServiceAccountTokenProjection projection) throws IOException {
        long lifetime = projection.hasExpirationSeconds() ? projection.expirationSeconds() : PodTokens.DEFAULT_SECONDS;
        String token = tokens.token(pod, projection.audience(), lifetime);
        put(projection.path(), token.getBytes(StandardCharsets.UTF_8), defaultMode);
    }

    void projection(VolumeProjection source) throws IOException {
        if (source.hasConfigMap()) {
            configMap(
                    source.configMap().name(),
                    source.configMap().items(),
                    source.configMap().optional());
        } else if (source.hasSecret()) {
            secret(
                    source.secret().name(),
                    source.secret().items(),
                    source.secret().optional());
        } else if (source.hasDownwardAPI()) {
            downward(source.downwardAPI().items());
        } else if (source.hasServiceAccountToken()) {
            token(source.serviceAccountToken());
        } else {
            throw new IOException(
                    "this node projects configMap, secret, downwardAPI and serviceAccountToken, and no other source");
        }
    }

    private void add(String kind, String name, Map<String, byte[]> data, List<KeyToPath> items, boolean optional)
            throws IOException {
        if (items.isEmpty()) {
            for (Map.Entry<String, byte[]> entry : data.entrySet()) {
                put(entry.getKey(), entry.getValue(), defaultMode);
            }
        }
        for (KeyToPath item : items) {
            byte[] value = data.get(item.key());
            if (value != null) {
                put(item.path(), value, item.hasMode() ? item.mode() : defaultMode);
            } else if (!optional) {
                throw new IOException(kind + " references non-existent config key: " + item.key() + " in " + name);
            }
        }
    }

    private void put(String path, byte[] content, int mode) throws IOException {
        boolean escapes = path.startsWith("/")
                || List.of(path.split("/")).contains("..")
                || path.startsWith("..")
                || path.isEmpty();
        if (escapes) {
            throw new IOException("the path \"" + path + "\" of a volume's file must be relative and stay inside");
        }
        files.put(path, new FileContent(content, mode));
    }

    private void missing(String kind, String name, boolean optional) throws IOException {
        if (!optional) {
            throw new IOException(kind + " \"" + name + "\" not found");
        }
    }

    private String namespace() {
        return pod.metadata().namespace();
    }
}
