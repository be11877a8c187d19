package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Kubectl;
import dev.kite.test.rig.SharedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The local-storage battery is switched and swapped while all else goes on. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeatureSwapTest {
    private final Cluster cluster;
    private final Kubectl kubectl;
    private Workspace work;

    FeatureSwapTest(Cluster cluster) {
        this.cluster = cluster;
        this.kubectl = cluster.kubectl();
    }

    @BeforeAll
    void start() {
        work = new Workspace(cluster, "swap");
        work.apply(claim("kept"));
        work.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: keeper}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: busybox:1.36
                    command: [sh, -c, "echo precious > /data/file; exec sleep 3600"]
                    volumeMounts: [{name: data, mountPath: /data}]
                  volumes: [{name: data, persistentVolumeClaim: {claimName: kept}}]
                """);
        work.awaitReady("pod/keeper");
    }

    @AfterAll
    void end() {
        enabled(true);
        work.close();
    }

    private static String claim(String name) {
        return """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: %s}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
                """.formatted(name);
    }

    private void enabled(boolean enabled) {
        kubectl.run(
                "patch", "feature", "local-storage", "--type=merge", "-p", "{\"spec\":{\"enabled\":" + enabled + "}}");
        awaitPhase(enabled ? "Enabled" : "Disabled");
    }

    private void awaitPhase(String phase) {
        Await.until(
                () -> "local-storage is " + phase + ": " + kubectl.run("get", "feature", "local-storage", "-o", "yaml"),
                Workspace.PATIENCE,
                () -> kubectl.run("get", "feature", "local-storage", "-o", "jsonpath={.status.phase}")
                        .equals(phase));
    }

    private String existing(String... arguments) {
        String[] words = Stream.concat(Stream.of("get", "--ignore-not-found", "-o", "name"), Stream.of(arguments))
                .toArray(String[]::new);
        return kubectl.run(words);
    }

    private void keptIsThere() {
        assertThat(work.field("pod/keeper", ".status.containerStatuses[0].restartCount"))
                .isEqualTo("0");
        assertThat(work.shell("keeper", "cat /data/file").succeeded().output()).isEqualTo("precious\n");
        assertThat(work.field("pvc/kept", ".status.phase")).isEqualTo("Bound");
    }

    @Test
    @Behaviour(
            "disabled means that nothing of it remains (threads, class loaders, API objects that it owns, except the user's volumes)")
    void disabledNothingRemainsButTheUsersVolumes() throws IOException {
        enabled(false);
        assertThat(existing("storageclass", "local-path")).isEmpty();
        assertThat(existing("-n", "kube-system", "configmap", "local-path-config"))
                .isEmpty();
        keptIsThere();
        try (Stream<Path> folders = Files.list(cluster.node().data().resolve("storage"))) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .anyMatch(name -> name.endsWith("_swap_kept"));
        }
        enabled(true);
        assertThat(existing("storageclass", "local-path")).isNotEmpty();
        assertThat(existing("-n", "kube-system", "configmap", "local-path-config"))
                .isNotEmpty();
        keptIsThere();
    }

    @Test
    @Behaviour(
            "kite feature list|enable|disable and kubectl get features show and switch it while a loop of API requests sees no failure")
    void requestsSeeNothingOfASwap() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        AtomicReference<Execution> failure = new AtomicReference<>();
        Thread loop = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 2_000 && !stop.get() && failure.get() == null; i++) {
                Execution answer = kubectl.execute("get", i % 2 == 0 ? "nodes" : "--raw=/api/v1/namespaces/swap/pods");
                if (answer.code() == 0) {
                    answered.incrementAndGet();
                } else {
                    failure.set(answer);
                }
            }
        });
        try {
            for (int round = 0; round < 3; round++) {
                cluster.node()
                        .kite("feature", "disable", "local-storage", "--wait")
                        .succeeded();
                assertThat(kubectl.run("get", "features")).containsPattern("local-storage +false .*Disabled");
                cluster.node()
                        .kite("feature", "enable", "local-storage", "--wait")
                        .succeeded();
                assertThat(kubectl.run("get", "features")).containsPattern("local-storage +true .*Enabled");
            }
            Await.until(
                    "some requests were answered",
                    Workspace.PATIENCE,
                    () -> answered.get() > 10 || failure.get() != null);
        } finally {
            stop.set(true);
            loop.join();
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    @Behaviour("kite feature list|enable|disable and kubectl get features show and switch it")
    void featuresAreListedForPrograms() throws IOException {
        Execution list = cluster.node().kite("feature", "list", "-o", "json").succeeded();
        JsonNode root = new ObjectMapper().readTree(list.output());
        JsonNode items = root.isArray() ? root : root.path("items");
        assertThat(items).anySatisfy(item -> {
            assertThat(item.path("metadata").path("name").asText()).isEqualTo("local-storage");
            assertThat(item.path("status").path("phase").asText()).isNotEmpty();
        });
    }

    @Test
    @Behaviour("the swap (resolve, stage, start, health gate, roll back) is the one that all batteries will use")
    void aVersionThatCannotRunIsRolledBackAndSaysWhy() throws IOException {
        Path folder = cluster.node().data().resolve("server/features/local-storage-9.9.9");
        Files.createDirectories(folder);
        try {
            Files.writeString(folder.resolve("feature.json"), """
                    {"id": "com.example:local-storage:osgifeature:9.9.9",
                     "bundles": [{"id": "com.example:example.localstorage:9.9.9"}],
                     "configurations": {"kite.feature.local-storage": {}}}
                    """);
            needing("com.example.absent", folder.resolve("example.localstorage-9.9.9.jar"));
            kubectl.run(
                    "patch", "feature", "local-storage", "--type=merge", "-p", "{\"spec\":{\"version\":\"9.9.9\"}}");
            awaitPhase("RolledBack");
            assertThat(kubectl.run("get", "feature", "local-storage", "-o", "jsonpath={.status}"))
                    .contains("com.example.absent");
            work.apply(claim("after"));
            work.apply("""
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: after}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                      - {name: main, image: "busybox:1.36", command: [sleep, "3600"], volumeMounts: [{name: data, mountPath: /data}]}
                      volumes: [{name: data, persistentVolumeClaim: {claimName: after}}]
                    """);
            work.awaitReady("pod/after");
        } finally {
            kubectl.run("patch", "feature", "local-storage", "--type=merge", "-p", "{\"spec\":{\"version\":\"\"}}");
            Files.deleteIfExists(folder.resolve("feature.json"));
            Files.deleteIfExists(folder.resolve("example.localstorage-9.9.9.jar"));
            Files.delete(folder);
            kubectl.run("patch", "feature", "local-storage", "--type=merge", "-p", "{\"spec\":{\"enabled\":true}}");
        }
        awaitPhase("Enabled");
    }

    /** The packaged bundle with another version, importing a package that nobody has. */
    private void needing(String missing, Path target) throws IOException {
        Path packaged = packagedJar();
        try (JarFile jar = new JarFile(packaged.toFile())) {
            Manifest manifest = jar.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", "9.9.9");
            manifest.getMainAttributes()
                    .putValue(
                            "Import-Package", manifest.getMainAttributes().getValue("Import-Package") + "," + missing);
            try (OutputStream file = Files.newOutputStream(target);
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                List<ZipEntry> entries = jar.stream()
                        .filter(entry -> !entry.getName().equals(JarFile.MANIFEST_NAME))
                        .map(ZipEntry.class::cast)
                        .toList();
                for (ZipEntry entry : entries) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    try (InputStream content = jar.getInputStream(entry)) {
                        content.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
        }
    }

    private Path packagedJar() throws IOException {
        try (Stream<Path> tree = Files.walk(cluster.node().data().resolve("data"), 6)) {
            return tree.filter(path -> path.getFileName().toString().matches("kite\\.localstorage-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
