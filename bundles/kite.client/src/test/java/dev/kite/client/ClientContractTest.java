package dev.kite.client;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.Patch;
import dev.kite.api.client.WatchEvent;
import dev.kite.api.security.UserInfo;
import dev.kite.behaviour.Behaviour;
import dev.kite.client.testing.FakeCluster;
import dev.kite.model.Struct;
import dev.kite.model.core.v1.Binding;
import dev.kite.model.core.v1.ConfigMap;
import dev.kite.model.core.v1.Event;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.meta.v1.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientContractTest {
    private final FakeCluster cluster = new FakeCluster();

    @AfterEach
    void end() {
        cluster.close();
    }

    private static ConfigMap map(String name, String value) {
        return ConfigMap.builder()
                .metadata(m -> m.name(name).namespace("ns").putLabels("app", name))
                .data(Map.of("k", value))
                .build();
    }

    @Test
    void objectsAreStoredReadReplacedPatchedAndDeleted() {
        var maps = cluster.admin().resource(ConfigMap.RESOURCE);
        ConfigMap created = maps.create(map("a", "1"));
        assertThat(created.metadata().uid()).isNotEmpty();
        assertThat(maps.get("ns", "a")).isEqualTo(created);
        ConfigMap updated =
                maps.update(created.toBuilder().data(Map.of("k", "2")).build());
        assertThat(updated.data()).containsEntry("k", "2");
        assertThat(maps.patch("ns", "a", new Patch.Merge("{\"data\":{\"x\":\"3\"}}"), "")
                        .data())
                .containsEntry("k", "2")
                .containsEntry("x", "3");
        maps.delete("ns", "a", DeleteRequest.NOW);
        assertThat(maps.find("ns", "a")).isEmpty();
    }

    @Test
    void failuresCarryTheStatus() {
        var maps = cluster.admin().resource(ConfigMap.RESOURCE);
        ConfigMap created = maps.create(map("a", "1"));
        maps.update(created.toBuilder().data(Map.of("k", "2")).build());
        assertThatThrownBy(() -> maps.update(created))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.conflict()).isTrue());
        assertThatThrownBy(() -> maps.create(map("a", "1")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.alreadyExists()).isTrue());
        assertThatThrownBy(() -> maps.get("ns", "none")).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.notFound()).isTrue();
            assertThat(e).hasMessage("configmaps \"none\" not found");
        });
        assertThatThrownBy(() -> maps.delete("ns", "a", DeleteRequest.NOW.only("another")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.conflict()).isTrue());
    }

    @Test
    void emptyNameNeverMeansTheCollection() {
        assertThatThrownBy(() -> cluster.admin().resource(Pod.RESOURCE).delete("ns", "", DeleteRequest.NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void identityReachesTheServer() {
        try (var client = cluster.clients().inProcess(UserInfo.of("system:kube-scheduler"))) {
            client.resource(Pod.RESOURCE).list("", ListOptions.ALL);
        }
        assertThat(cluster.api().seen().getLast().user()).isEqualTo("system:kube-scheduler");
    }

    @Test
    void listsComeByPagesAndSelectors() {
        var maps = cluster.admin().resource(ConfigMap.RESOURCE);
        for (String name : List.of("a", "b", "c")) {
            maps.create(map(name, "1"));
        }
        var first = maps.list("ns", ListOptions.ALL.page(2, ""));
        assertThat(first.items()).hasSize(2);
        assertThat(maps.list("ns", ListOptions.ALL.page(2, first.continueToken()))
                        .items())
                .hasSize(1);
        assertThat(maps.list("", ListOptions.labels("app=b")).items()).hasSize(1);
        assertThat(maps.list("other", ListOptions.ALL).items()).isEmpty();
    }

    @Test
    void watchTellsOfEveryChangeInOrder() throws Exception {
        var maps = cluster.admin().resource(ConfigMap.RESOURCE);
        String version = maps.list("", ListOptions.ALL).resourceVersion();
        try (var watch = maps.watch("ns", ListOptions.ALL.watchFrom(version))) {
            ConfigMap a = maps.create(map("a", "1"));
            maps.update(a.toBuilder().data(Map.of("k", "2")).build());
            maps.delete("ns", "a", DeleteRequest.NOW);
            Duration patience = Duration.ofSeconds(5);
            assertThat(watch.next(patience)).isEqualTo(new WatchEvent.Added<>(a));
            assertThat(watch.next(patience)).isInstanceOf(WatchEvent.Modified.class);
            assertThat(watch.next(patience)).isInstanceOf(WatchEvent.Deleted.class);
            assertThat(watch.next(Duration.ofMillis(20))).isNull();
        }
    }

    @Test
    void subresourcesTakeAndGiveTheirOwnTypes() {
        var pods = cluster.admin().resource(Pod.RESOURCE);
        pods.create(Pod.builder().metadata(m -> m.name("p").namespace("ns")).build());
        Binding binding = Binding.builder()
                .metadata(m -> m.name("p").namespace("ns"))
                .target(t -> t.kind("Node").name("n1"))
                .build();
        Status status = pods.subresource("POST", "ns", "p", "binding", binding, Status.TYPE);
        assertThat(status.status()).isEqualTo("Success");
        assertThat(pods.get("ns", "p").spec().nodeName()).isEqualTo("n1");
    }

    private List<String> follow(Informer<ConfigMap> informer) {
        List<String> told = new CopyOnWriteArrayList<>();
        informer.onChange((before, after) -> told.add((before == null ? "+" : after == null ? "-" : "~")
                + (after == null ? before : after).metadata().name()));
        return told;
    }

    @Test
    void informerTellsWhatIsThereThenEachChange() throws Exception {
        var maps = cluster.admin().resource(ConfigMap.RESOURCE);
        maps.create(map("a", "1"));
        try (var informer = cluster.admin().informers().informer(ConfigMap.RESOURCE)) {
            assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
            List<String> told = follow(informer);
            ConfigMap b = maps.create(map("b", "1"));
            maps.update(b.toBuilder().data(Map.of("k", "2")).build());
            maps.delete("ns", "a", DeleteRequest.NOW);
            eventually("four calls", () -> told.size() == 4);
            assertThat(told).containsExactly("+a", "+b", "~b", "-a");
            assertThat(informer.get("ns", "b").data()).containsEntry("k", "2");
            assertThat(informer.list("ns")).hasSize(1);
        }
    }

    @Test
    void informerSurvivesTheEndOfItsWatch() throws Exception {
        try (var informer = cluster.admin().informers().informer(ConfigMap.RESOURCE)) {
            assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
            cluster.api().endWatches();
            cluster.admin().resource(ConfigMap.RESOURCE).create(map("late", "1"));
            eventually("the object came", () -> informer.get("ns", "late") != null);
            assertThat(cluster.api().seen().stream()
                            .filter(r -> r.path().contains("configmaps")
                                    && r.method().equals("GET")
                                    && !r.path().contains("watch=true"))
                            .count())
                    .as("no second list")
                    .isEqualTo(1);
        }
    }

    @Test
    @Behaviour("Informers survive compaction")
    void watchResumesAfterCompactionWithGone() throws Exception {
        var maps = cluster.admin().resource(ConfigMap.RESOURCE);
        maps.create(map("a", "1"));
        maps.create(map("b", "1"));
        try (var informer = cluster.admin().informers().informer(ConfigMap.RESOURCE)) {
            assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
            List<String> told = follow(informer);
            // While the watch cannot be renewed, one object goes, another comes, and history is compacted.
            cluster.api().fail(r -> r.path().contains("watch=true") ? 500 : null);
            cluster.api().endWatches();
            maps.delete("ns", "a", DeleteRequest.NOW);
            maps.create(map("c", "1"));
            cluster.api().compact();
            cluster.api().heal();
            eventually("relist", () -> informer.get("ns", "c") != null && informer.get("ns", "a") == null);
            assertThat(told).contains("+a", "+b", "-a", "+c").doesNotHaveDuplicates();
        }
    }

    @Test
    void informerKeepsTryingWhileTheServerFails() throws Exception {
        cluster.api().fail(r -> 503);
        try (var informer = cluster.admin().informers().informer(ConfigMap.RESOURCE)) {
            assertThat(informer.awaitSync(Duration.ofMillis(50))).isFalse();
            cluster.api().heal();
            assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void holdersShareOneWatchAndTheLastEndsIt() throws Exception {
        var first = cluster.admin().informers().informer(ConfigMap.RESOURCE);
        var second = cluster.admin().informers().informer(ConfigMap.RESOURCE);
        assertThat(first.awaitSync(Duration.ofSeconds(5))).isTrue();
        List<String> mine = follow(first);
        first.close();
        cluster.admin().resource(ConfigMap.RESOURCE).create(map("a", "1"));
        eventually("the other holder still sees", () -> second.get("ns", "a") != null);
        assertThat(mine).isEmpty();
        second.close();
        assertThat(cluster.api().seen().stream()
                        .filter(r -> r.path().contains("watch=true"))
                        .count())
                .isEqualTo(1);
    }

    @Test
    void indexesFollowChanges() throws Exception {
        var maps = cluster.admin().resource(ConfigMap.RESOURCE);
        ConfigMap a = maps.create(map("a", "red"));
        try (var informer = cluster.admin().informers().informer(ConfigMap.RESOURCE)) {
            assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
            informer.index("colour", m -> List.copyOf(m.data().values()));
            assertThat(informer.byIndex("colour", "red")).containsExactly(a);
            maps.update(a.toBuilder().data(Map.of("k", "blue")).build());
            eventually("moved", () -> informer.byIndex("colour", "blue").size() == 1);
            assertThat(informer.byIndex("colour", "red")).isEmpty();
            assertThatThrownBy(() -> informer.byIndex("taste", "sweet")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void handlerThatThrowsHarmsNobodyElse() throws Exception {
        try (var informer = cluster.admin().informers().informer(ConfigMap.RESOURCE)) {
            assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
            informer.onChange((before, after) -> {
                throw new IllegalStateException("expected by this test");
            });
            List<String> told = follow(informer);
            cluster.admin().resource(ConfigMap.RESOURCE).create(map("a", "1"));
            eventually("told", () -> told.contains("+a"));
        }
    }

    @Test
    void metadataInformerHoldsNoSpec() throws Exception {
        cluster.admin().resource(ConfigMap.RESOURCE).create(map("a", "secret"));
        try (var informer = cluster.admin().informers().metadata("", "v1", "configmaps")) {
            assertThat(informer.awaitSync(Duration.ofSeconds(5))).isTrue();
            assertThat(informer.get("ns", "a").metadata().uid()).isNotEmpty();
            assertThat(informer.get("ns", "a").toString()).doesNotContain("secret");
        }
    }

    @Test
    void discoveryFindsKinds() {
        var discovery = cluster.admin().discovery();
        assertThat(discovery.find("apps/v1", "Deployment").orElseThrow().plural())
                .isEqualTo("deployments");
        assertThat(discovery.find("v1", "Node").orElseThrow().namespaced()).isFalse();
        assertThat(discovery.find("example.org/v1", "Thing")).isEmpty();
        assertThat(discovery.preferred()).extracting("plural").contains("pods", "jobs");
    }

    @Test
    void repeatedEventsAreCounted() {
        ConfigMap about = cluster.admin().resource(ConfigMap.RESOURCE).create(map("a", "1"));
        var recorder = cluster.admin().events("tester", "");
        recorder.normal(about, "Happened", "it did");
        recorder.normal(about, "Happened", "it did");
        recorder.warning(about, "Broke", "it did");
        eventually(
                "events",
                () -> cluster.api().all("", "events").size() == 2
                        && cluster.api().all("", "events").stream()
                                .anyMatch(e -> e.path("count").asInt() == 2));
        Event event = cluster.admin().resource(Event.RESOURCE).list("ns", ListOptions.ALL).items().stream()
                .filter(e -> e.reason().equals("Happened"))
                .findFirst()
                .orElseThrow();
        assertThat(event.involvedObject().kind()).isEqualTo("ConfigMap");
        assertThat(event.involvedObject().uid()).isEqualTo(about.metadata().uid());
        assertThat(event.source().component()).isEqualTo("tester");
        assertThat(event.type()).isEqualTo("Normal");
        assertThat(((Struct) event).toString()).contains("\"message\":\"it did\"");
    }

    @Test
    void eventsNeverFailTheirCaller() {
        cluster.api().fail(r -> r.path().contains("/events") ? 500 : null);
        ConfigMap about = cluster.admin().resource(ConfigMap.RESOURCE).create(map("a", "1"));
        var recorder = cluster.admin().events("tester", "");
        for (int i = 0; i < 5000; i++) {
            recorder.normal(about, "Happened", "x" + i);
        }
        assertThat(cluster.admin().resource(ConfigMap.RESOURCE).find("ns", "a")).isPresent();
    }
}
