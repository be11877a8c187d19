package dev.kite.node.self;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.json.JsonCodecException;
import dev.kite.node.KubeletArguments;
import dev.kite.node.NodeContext;
import dev.kite.node.NodePods;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods of DATA/agent/pod-manifests, or of --pod-manifest-path: each file's Pod is kept in the API under its name with the node's appended, and so runs here; a changed file makes it anew, a removed file ends it. One
 * thread, {@code static-pods}, looks each 20 s or as --file-check-frequency says. Needs the API: such pods do not start before it answers.
 */
final class StaticPods implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StaticPods.class);
    private static final Duration LOOK = Duration.ofSeconds(20);
    static final String SOURCE = "kubernetes.io/config.source";
    static final String HASH = "kubernetes.io/config.hash";
    static final String MIRROR = "kubernetes.io/config.mirror";

    private final NodeContext node;
    private final NodePods pods;
    private final Path folder;
    private final Duration every;
    private final Thread thread;
    private final Map<Path, String> said = new HashMap<>();

    StaticPods(NodeContext node, NodePods pods, KubeletArguments arguments) {
        this.node = node;
        this.pods = pods;
        this.folder = Path.of(arguments
                .given()
                .text(
                        "pod-manifest-path",
                        node.paths().data().resolve("agent/pod-manifests").toString()));
        this.every = arguments.given().duration("file-check-frequency", LOOK);
        this.thread = Thread.ofVirtual().name("static-pods").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            Files.createDirectories(folder);
            while (true) {
                try {
                    reconcile();
                } catch (ApiException e) {
                    LOG.debug("Static pods: {}", e.getMessage());
                }
                Thread.sleep(every);
            }
        } catch (IOException e) {
            LOG.warn("No static pods: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reconcile() throws IOException {
        Map<String, Pod> wanted = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{yaml,yml,json,manifest}")) {
            for (Path file : files) {
                try {
                    Pod pod = parse(Files.readString(file), node.name());
                    wanted.put(pod.key(), pod);
                    said.remove(file);
                } catch (IOException e) {
                    String message = String.valueOf(e.getMessage());
                    if (!message.equals(said.put(file, message))) {
                        LOG.warn("Static pod {} is left out: {}", file, message);
                    }
                }
            }
        }
        Map<String, Pod> there = new HashMap<>();
        for (Pod pod : pods.pods()) {
            if ("file".equals(pod.metadata().annotations().get(SOURCE))) {
                there.put(pod.key(), pod);
            }
        }
        for (Pod pod : there.values()) {
            Pod same = wanted.get(pod.key());
            boolean changed = same == null
                    || !String.valueOf(same.metadata().annotations().get(HASH))
                            .equals(pod.metadata().annotations().get(HASH));
            if (changed && !pod.metadata().hasDeletionTimestamp()) {
                node.client()
                        .resource(Pod.RESOURCE)
                        .delete(
                                pod.metadata().namespace(),
                                pod.metadata().name(),
                                DeleteRequest.BACKGROUND.only(pod.metadata().uid()));
            }
        }
        for (Pod pod : wanted.values()) {
            if (!there.containsKey(pod.key())) {
                create(pod);
            }
        }
    }

    private void create(Pod pod) {
        Node self = node.client().resource(Node.RESOURCE).get("", node.name());
        Pod owned = pod.toBuilder()
                .metadata(pod.metadata().toBuilder()
                        .addOwnerReferences(owner -> owner.apiVersion("v1")
                                .kind("Node")
                                .name(node.name())
                                .uid(self.metadata().uid())
                                .controller(true))
                        .build())
                .build();
        try {
            node.client().resource(Pod.RESOURCE).create(owned);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    /** A manifest as the pod of a node. */
    static Pod parse(String text, String nodeName) throws IOException {
        JsonNode tree = new YAMLMapper(new YAMLFactory()).readTree(text);
        if (tree == null || !tree.path("kind").asText("").equals("Pod")) {
            throw new IOException("not a Pod");
        }
        Pod pod;
        try {
            pod = JsonCodec.decode(new ObjectMapper().writeValueAsBytes(tree), Pod.TYPE);
        } catch (JsonCodecException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (pod.metadata().name().isEmpty()) {
            throw new IOException("the Pod has no name");
        }
        CRC32 sum = new CRC32();
        sum.update(JsonCodec.encode(pod));
        String hash = Long.toHexString(sum.getValue());
        Map<String, String> annotations = new HashMap<>(pod.metadata().annotations());
        annotations.put(SOURCE, "file");
        annotations.put(HASH, hash);
        annotations.put(MIRROR, hash);
        String namespace = pod.metadata().namespace().isEmpty()
                ? "default"
                : pod.metadata().namespace();
        return pod.toBuilder()
                .metadata(pod.metadata().toBuilder()
                        .name(pod.metadata().name() + "-" + nodeName)
                        .namespace(namespace)
                        .annotations(annotations)
                        .build())
                .spec(pod.spec().toBuilder()
                        .nodeName(nodeName)
                        .addTolerations(all -> all.operator("Exists").effect("NoExecute"))
                        .build())
                .build();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
