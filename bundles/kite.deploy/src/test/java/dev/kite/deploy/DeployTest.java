package dev.kite.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.RequestDispatcher;
import dev.kite.api.security.UserInfo;
import dev.kite.behaviour.Behaviour;
import dev.kite.client.ClientFactory;
import dev.kite.client.testing.FakeApi;
import dev.kite.client.testing.FakeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployTest {
    private static final String CONFIG_MAP =
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {v: '%s'}}\n---\n";

    @TempDir
    Path base;

    private final FakeApi api = new FakeApi();
    private KubernetesClient client;
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private ManifestLoop loop;

    /** The fake API patches what is there; an apply also creates. */
    private final RequestDispatcher applying = new RequestDispatcher() {
        @Override
        public void dispatch(HttpExchange exchange) throws IOException {
            String type = exchange.requestHeaders().first("Content-Type");
            if (exchange.method().equals("PATCH") && type != null && type.startsWith("application/apply-patch")) {
                assertThat(exchange.query().first("fieldManager")).isEqualTo("deploy@n1");
                assertThat(exchange.query().flag("force")).isTrue();
                byte[] body = exchange.requestBody().readAllBytes();
                ObjectNode object = (ObjectNode) new ObjectMapper().readTree(body);
                String plural = exchange.path().contains("/configmaps/")
                        ? "configmaps"
                        : exchange.path().contains("/services/")
                                ? "services"
                                : exchange.path().contains("/things/") ? "things" : "namespaces";
                String group = plural.equals("things") ? "example.org" : "";
                String namespace = object.path("metadata").path("namespace").asText();
                ObjectNode before = api.get(
                        group,
                        plural,
                        namespace,
                        object.path("metadata").path("name").asText());
                if (before != null) {
                    object.withObject("/metadata")
                            .set("uid", before.path("metadata").path("uid"));
                }
                exchange.respond(
                        200, "application/json", new ObjectMapper().writeValueAsBytes(api.put(object.toString())));
                return;
            }
            api.dispatch(exchange);
        }
    };

    @BeforeEach
    void start() {
        api.serve("", "v1", "ConfigMap", "configmaps", true)
                .serve("", "v1", "Service", "services", true)
                .serve("", "v1", "Namespace", "namespaces", false)
                .serve("", "v1", "Event", "events", true)
                .serve("k3s.cattle.io", "v1", "Addon", "addons", true);
        client = new ClientFactory(
                        _ -> {
                            throw new UnsupportedOperationException();
                        },
                        applying)
                .inProcess(UserInfo.of("system:k3s-supervisor", "system:masters"));
        restart();
    }

    private void restart(String... disabled) {
        Deployer deployer = new Deployer(client, "n1", Map.of("KUBERNETES_API", "api.example:443"));
        loop = new ManifestLoop(new ManifestFiles(base, Set.of(disabled)), deployer, Set.of(disabled), () -> now);
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(base.resolve(name).getParent());
        Files.writeString(base.resolve(name), text);
        // Files written within one tick of the clock would differ in nothing but their content.
        Files.setLastModifiedTime(base.resolve(name), FileTime.from(now = now.plusSeconds(1)));
    }

    private Duration look() {
        try {
            return loop.look(Duration.ofSeconds(15));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ObjectNode map(String name) {
        return api.get("", "configmaps", "default", name);
    }

    private ObjectNode addon(String name) {
        return api.get("k3s.cattle.io", "addons", "kube-system", name);
    }

    private long applies() {
        return api.seen().stream()
                .filter(s -> s.method().equals("PUT") && s.path().contains("/addons/"))
                .count();
    }

    @Test
    @Behaviour("DATA/server/manifests and its subfolders, at start and on change")
    void aFileIsAppliedUpdatedAndPruned() throws Exception {
        write(
                "app.yaml",
                CONFIG_MAP.formatted("one", "%{KUBERNETES_API}%") + CONFIG_MAP.formatted("two", "2")
                        + "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: kube-system}}");
        assertThat(look()).isEqualTo(Duration.ofSeconds(15));
        assertThat(map("one").at("/data/v").asText()).isEqualTo("api.example:443");
        assertThat(map("one")
                        .at("/metadata/labels/objectset.rio.cattle.io~1hash")
                        .asText())
                .isEqualTo(new Ownership("app").hash());
        assertThat(api.get("", "services", "kube-system", "s")).isNotNull();
        assertThat(addon("app").at("/spec/source").asText())
                .isEqualTo(base.resolve("app.yaml").toString());
        assertThat(addon("app").at("/spec/checksum").asText()).matches("[0-9a-f]{64}");
        assertThat(addon("app")
                        .at("/metadata/annotations/addon.k3s.cattle.io~1gvks")
                        .asText())
                .isEqualTo("/v1, Kind=ConfigMap;/v1, Kind=Service");
        api.put(
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"users\",\"namespace\":\"default\"}}");

        write("app.yaml", CONFIG_MAP.formatted("two", "changed"));
        look();
        assertThat(map("one")).isNull();
        assertThat(map("two").at("/data/v").asText()).isEqualTo("changed");
        assertThat(api.get("", "services", "kube-system", "s")).isNull();
        assertThat(map("users")).isNotNull();
    }

    @Test
    @Behaviour("deleting a file leaves its resources, emptying it removes them")
    void aDeletedFileLeavesItsObjectsAndAnEmptiedOneRemovesThem() throws Exception {
        write("a.yaml", CONFIG_MAP.formatted("a", "1"));
        write("b.yaml", CONFIG_MAP.formatted("b", "1"));
        look();
        Files.delete(base.resolve("a.yaml"));
        write("b.yaml", "# nothing left\n");
        look();
        assertThat(map("a")).isNotNull();
        assertThat(map("b")).isNull();
        assertThat(addon("b")).isNotNull();
    }

    /** How many requests there were, but for events, which a thread of their own writes when it comes to it. */
    private long asked() {
        return api.seen().stream()
                .filter(seen -> !seen.path().contains("/events"))
                .count();
    }

    @Test
    void anUnchangedFileIsAppliedOnceAStart() throws Exception {
        write("a.yaml", CONFIG_MAP.formatted("a", "1"));
        look();
        long before = asked();
        look();
        assertThat(asked()).isEqualTo(before);
        // Touched but the same: read, not applied.
        Files.setLastModifiedTime(base.resolve("a.yaml"), FileTime.from(now.plusSeconds(50)));
        look();
        assertThat(applies()).isEqualTo(1);
        // A start applies it whatever the checksum says, since objects may have been changed.
        client.generic("", "v1", "configmaps").delete("default", "a", dev.kite.api.client.DeleteRequest.BACKGROUND);
        restart();
        look();
        assertThat(map("a")).isNotNull();
    }

    @Test
    @Behaviour("--disable removes what it had applied, users' add-ons too")
    void aDisabledAddonIsRemovedWithItsFileAndItsObjects() throws Exception {
        write("traefik.yaml", CONFIG_MAP.formatted("t", "1"));
        write("ours/x.yaml", CONFIG_MAP.formatted("x", "1"));
        write("gone.yaml", CONFIG_MAP.formatted("g", "1"));
        look();
        Files.delete(base.resolve("gone.yaml"));
        restart("traefik", "ours", "gone");
        look();
        assertThat(map("t")).isNull();
        assertThat(map("x")).isNull();
        assertThat(map("g")).isNull();
        assertThat(addon("traefik")).isNull();
        assertThat(addon("gone")).isNull();
        assertThat(base.resolve("traefik.yaml")).doesNotExist();
        assertThat(base.resolve("ours/x.yaml")).doesNotExist();
    }

    @Test
    @Behaviour("FILE.skip ignores a file")
    void aSkippedFileIsLeftAlone() throws Exception {
        write("a.yaml", CONFIG_MAP.formatted("a", "1"));
        write("a.yaml.skip", "");
        look();
        assertThat(map("a")).isNull();
        Files.delete(base.resolve("a.yaml.skip"));
        look();
        assertThat(map("a")).isNotNull();
    }

    @Test
    void whatFailsIsTriedAgainAndNothingIsPrunedMeanwhile() throws Exception {
        write("a.yaml", CONFIG_MAP.formatted("a", "1"));
        look();
        write(
                "a.yaml",
                CONFIG_MAP.formatted("b", "1") + "{apiVersion: example.org/v1, kind: Thing, metadata: {name: t}}");
        assertThat(look()).isEqualTo(Duration.ofSeconds(1));
        assertThat(map("a")).isNotNull();
        assertThat(map("b")).isNotNull();
        long asked = asked();
        look();
        assertThat(asked()).isEqualTo(asked);
        now = now.plusSeconds(1);
        assertThat(look()).isEqualTo(Duration.ofSeconds(2));
        api.serve("example.org", "v1", "Thing", "things", true);
        FakeCluster.eventually("the kind is found and all is applied", () -> {
            now = now.plusSeconds(60);
            look();
            return api.get("example.org", "things", "default", "t") != null;
        });
        assertThat(look()).isEqualTo(Duration.ofSeconds(15));
        assertThat(api.get("example.org", "things", "default", "t")).isNotNull();
        assertThat(map("a")).isNull();
    }

    @Test
    void aBrokenFileStopsNoOther() throws Exception {
        write("a.yaml", "a: [");
        write("b.yaml", CONFIG_MAP.formatted("b", "1"));
        look();
        assertThat(map("b")).isNotNull();
        write("a.yaml", CONFIG_MAP.formatted("a", "1"));
        now = now.plusSeconds(1);
        look();
        assertThat(map("a")).isNotNull();
    }

    @Test
    void theFirstOfTwoFilesOfOneNameHasIt() throws Exception {
        write("a.yaml", CONFIG_MAP.formatted("first", "1"));
        write("sub/a.yaml", CONFIG_MAP.formatted("second", "1"));
        look();
        look();
        assertThat(map("first")).isNotNull();
        assertThat(map("second")).isNull();
    }

    @Test
    @Behaviour("packaged files are rewritten at each start")
    void packagedManifestsAreWrittenReadAndPutBack() throws Exception {
        PackagedManifests.write(base, Set.of("runtimes"));
        assertThat(Files.list(base).map(p -> p.getFileName().toString()).toList())
                .contains("ccm.yaml", "rolebindings.yaml", "coredns.yaml")
                .doesNotContain("runtimes.yaml");
        Files.writeString(base.resolve("ccm.yaml"), "changed");
        write("rolebindings.yaml.skip", "");
        Files.delete(base.resolve("rolebindings.yaml"));
        PackagedManifests.write(base, Set.of());
        assertThat(Files.readString(base.resolve("ccm.yaml"))).contains("k3s-cloud-controller-manager");
        assertThat(base.resolve("rolebindings.yaml")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base.resolve("runtimes.yaml"))))
                .isEqualTo("rw-------");
        for (String name : List.of("ccm.yaml", "runtimes.yaml", "coredns.yaml")) {
            assertThat(Manifest.read(Files.readString(base.resolve(name))).objects())
                    .isNotEmpty();
        }
    }

    @Test
    void aChangeInAnyFolderWakesTheWatch() throws Exception {
        Path sub = Files.createDirectories(base.resolve("sub"));
        try (FolderWatch watch = new FolderWatch(base)) {
            watch.watch(List.of(base, sub));
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(50);
                    Files.writeString(sub.resolve("x.yaml"), "a");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            long start = System.nanoTime();
            watch.await(Duration.ofSeconds(20));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            Files.delete(sub.resolve("x.yaml"));
            Files.delete(sub);
            watch.watch(List.of(base));
            watch.await(Duration.ZERO);
        }
    }
}
