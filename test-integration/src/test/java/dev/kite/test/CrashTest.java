package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.behaviour.Behaviour;
import dev.kite.cli.client.ApiAccess;
import dev.kite.cli.host.LoopbackForward;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed while clients write, and started again. */
@ExtendWith(Requirements.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final int WRITERS = 4;
    private static final int MOST_WRITES = 500;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private Cluster cluster;
    private LoopbackForward forward;
    private ApiAccess api;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        cluster = Cluster.single();
        forward = LoopbackForward.start(cluster.node().host().namespace(), 6443);
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(
                kubeconfig,
                Files.readString(cluster.node().kubeconfig())
                        .replace("https://127.0.0.1:6443", "https://127.0.0.1:" + forward.port()));
        api = ApiAccess.of(kubeconfig);
        cluster.kubectl().run("run", "stays", "--image=busybox:1.36", "--", "sleep", "3600");
        cluster.kubectl().run("wait", "--for=condition=Ready", "pod/stays", "--timeout=120s");
    }

    @AfterAll
    void end() throws IOException {
        if (forward != null) {
            forward.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private JsonNode get(String path) throws Exception {
        return mapper.readTree(api.get(path).body());
    }

    private String container() {
        return cluster.kubectl()
                .run(
                        "get",
                        "pod",
                        "stays",
                        "-o",
                        "jsonpath={.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}");
    }

    /** Writes until the server is gone, at most MOST_WRITES times; what was acknowledged is remembered. */
    private void write(String prefix) {
        try {
            for (int i = 0; i < MOST_WRITES; i++) {
                String name = prefix + "-" + i;
                String body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                        + "\",\"labels\":{\"crash\":\"yes\"}},\"data\":{\"of\":\"" + name + "\"}}";
                if (api.send("POST", MAPS, "application/json", body.getBytes(StandardCharsets.UTF_8))
                                .statusCode()
                        == 201) {
                    acknowledged.add(name);
                }
            }
        } catch (IOException e) {
            // The server was killed: what is in flight is not acknowledged.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void killUnderLoad(int round) throws Exception {
        String revision =
                get(MAPS + "?limit=1").path("metadata").path("resourceVersion").asText();
        Set<String> before = Set.copyOf(acknowledged);
        String container = container();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String prefix = "c" + round + "-" + i;
            writers.add(Thread.ofVirtual().start(() -> write(prefix)));
        }
        Thread.sleep(200 + ThreadLocalRandom.current().nextInt(600));
        cluster.node().kill();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(acknowledged.size()).isGreaterThan(before.size());
        cluster.node().start();
        cluster.node().awaitReady();
        JsonNode items = get(MAPS + "?labelSelector=crash%3Dyes").path("items");
        Set<String> there = StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path("metadata").path("name").asText())
                .collect(Collectors.toSet());
        assertThat(there).containsAll(acknowledged);
        assertThat(items)
                .allSatisfy(item -> assertThat(item.path("data").path("of").asText())
                        .isEqualTo(item.path("metadata").path("name").asText()));
        watchGoesOn(revision, before);
        Await.until(
                "the pod is adopted as it is",
                PATIENCE,
                () -> container().equals(container)
                        && cluster.kubectl()
                                .run(
                                        "get",
                                        "pod",
                                        "stays",
                                        "-o",
                                        "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
                                .equals("True"));
    }

    private void watchGoesOn(String revision, Set<String> before) throws Exception {
        String events = new String(
                api.get(MAPS + "?watch=1&timeoutSeconds=2&labelSelector=crash%3Dyes&resourceVersion=" + revision)
                        .body(),
                StandardCharsets.UTF_8);
        Set<String> added = ConcurrentHashMap.newKeySet();
        for (String line : events.lines().toList()) {
            JsonNode event = mapper.readTree(line);
            assertThat(event.path("type").asText()).as(line).isEqualTo("ADDED");
            added.add(event.path("object").path("metadata").path("name").asText());
        }
        Set<String> fresh =
                acknowledged.stream().filter(name -> !before.contains(name)).collect(Collectors.toSet());
        assertThat(added).containsAll(fresh);
    }

    @Test
    @Behaviour(
            "a crash test that kills the process at random points under load and finds every acknowledged write, in-flight writes whole or absent, and no part of one")
    void acknowledgedWritesOutliveTheProcess() throws Exception {
        for (int round = 0; round < 2; round++) {
            killUnderLoad(round);
        }
    }

    @Test
    @Tag("soak")
    @Tag("crash")
    @Behaviour("Soak: fifty kills under load lose no acknowledged write")
    void acknowledgedWritesOutliveFiftyKills() throws Exception {
        for (int round = 100; round < 150; round++) {
            killUnderLoad(round);
        }
        Files.writeString(
                Path.of("target/figures.json"), "{\"kills\": 50, \"acknowledged\": " + acknowledged.size() + "}\n");
    }
}
