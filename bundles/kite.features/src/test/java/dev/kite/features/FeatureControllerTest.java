package dev.kite.features;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.Patch;
import dev.kite.behaviour.Behaviour;
import dev.kite.client.SystemControllerFactory;
import dev.kite.client.testing.FakeCluster;
import dev.kite.features.fixture.SampleFeature;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Feature objects in a fake API, features in Felix. */
@Timeout(60)
class FeatureControllerTest {
    @TempDir
    Path folder;

    private FelixRig rig;
    private FakeCluster cluster;
    private GenericResourceClient features;
    private final AtomicInteger settled = new AtomicInteger();
    private FeatureController controller;

    @BeforeEach
    void start() throws Exception {
        rig = new FelixRig(folder);
        cluster = new FakeCluster();
        cluster.api().serve("features.kite.dev", "v1", "Feature", "features", false);
        features = cluster.admin().generic("features.kite.dev", "v1", "features");
        SampleFeature.of("sample", "1.0.0").write(rig.added);
    }

    @AfterEach
    void stop() throws Exception {
        if (controller != null) {
            controller.close();
        }
        cluster.close();
        rig.close();
    }

    private void run(String... disabled) {
        controller = new FeatureController(
                cluster.clients(),
                new SystemControllerFactory(),
                rig.manager(),
                Set.of(disabled),
                Clock.systemUTC(),
                settled::incrementAndGet);
    }

    private void rerun(String... disabled) {
        controller.close();
        run(disabled);
    }

    private ObjectNode feature() {
        return cluster.api().get("features.kite.dev", "features", "", "sample");
    }

    private String status(String field) {
        ObjectNode feature = feature();
        return feature == null ? "" : feature.path("status").path(field).asText();
    }

    private void awaitPhase(String phase) {
        eventually("phase " + phase, () -> status("phase").equals(phase));
    }

    private void patch(String json) {
        features.patch("", "sample", new Patch.Merge(json), "");
    }

    @Test
    @Behaviour("kite feature list|enable|disable and kubectl get features show and switch it")
    void packagedFeatureGetsAnObjectIsSwitchedByItAndTellsHowItIs() {
        run();
        awaitPhase("Enabled");
        eventually("settled", () -> settled.get() == 1);
        assertThat(feature().path("spec").path("enabled").asBoolean()).isTrue();
        assertThat(status("version")).isEqualTo("1.0.0");
        assertThat(feature()
                        .path("status")
                        .path("conditions")
                        .path(0)
                        .path("status")
                        .asText())
                .isEqualTo("True");
        assertThat(feature().path("status").path("bundles").toString()).isEqualTo("[\"kite.sample 1.0.0\"]");
        patch("{\"spec\":{\"enabled\":false}}");
        awaitPhase("Disabled");
        assertThat(feature().path("status").has("version")).isFalse();
        assertThat(feature().path("status").path("observedGeneration").asInt()).isEqualTo(2);
        assertThat(FelixRig.threads()).isEmpty();
        patch("{\"spec\":{\"enabled\":true}}");
        awaitPhase("Enabled");
        assertThat(settled).hasValue(1);
    }

    @Test
    void failedUpdateShowsTheReasonInStatusAndEvents() throws Exception {
        run();
        awaitPhase("Enabled");
        SampleFeature.of("sample", "2.0.0").failing("health").write(rig.added);
        patch("{\"spec\":{\"version\":\"2.0.0\"}}");
        awaitPhase("RolledBack");
        assertThat(status("version")).isEqualTo("1.0.0");
        assertThat(status("message")).contains("2.0.0", "feels sick");
        eventually(
                "event",
                () -> cluster.api().all("", "events").stream()
                        .anyMatch(event -> event.path("reason").asText().equals("RolledBack")
                                && event.path("type").asText().equals("Warning")
                                && event.path("involvedObject")
                                        .path("name")
                                        .asText()
                                        .equals("sample")));
    }

    @Test
    @Behaviour("--disable (coredns, servicelb, traefik, local-storage, metrics-server, runtimes, or a user's add-on)")
    void flagDisablesAndItsAbsenceAtTheNextStartEnablesAgain() {
        run("sample");
        awaitPhase("Disabled");
        assertThat(FelixRig.threads()).isEmpty();
        rerun();
        awaitPhase("Enabled");
        assertThat(feature().path("metadata").path("annotations").has(FeatureController.BY_FLAG))
                .isFalse();
        rerun("sample");
        awaitPhase("Disabled");
    }

    @Test
    void whatItsOwnerDisabledStaysDisabledOverStartsWithAndWithoutTheFlag() {
        run();
        awaitPhase("Enabled");
        patch("{\"spec\":{\"enabled\":false}}");
        awaitPhase("Disabled");
        rerun("sample");
        eventually("settled", () -> settled.get() == 2);
        rerun();
        eventually("settled", () -> settled.get() == 3);
        assertThat(feature().path("spec").path("enabled").asBoolean()).isFalse();
        assertThat(status("phase")).isEqualTo("Disabled");
    }

    @Test
    void deletedObjectOfAPackagedFeatureComesBackWithItsDefaults() {
        run();
        awaitPhase("Enabled");
        String uid = feature().path("metadata").path("uid").asText();
        features.delete("", "sample", DeleteRequest.DEFAULT);
        eventually(
                "a new object",
                () -> feature() != null
                        && !feature().path("metadata").path("uid").asText().equals(uid)
                        && status("phase").equals("Enabled"));
    }

    @Test
    void objectOfAnUnknownFeatureFailsAndSaysWhatThereIs() {
        run();
        cluster.api()
                .put(
                        "{\"apiVersion\":\"features.kite.dev/v1\",\"kind\":\"Feature\",\"metadata\":{\"name\":\"moon\"},\"spec\":{\"enabled\":true}}");
        eventually(
                "failed",
                () -> cluster.api()
                        .get("features.kite.dev", "features", "", "moon")
                        .path("status")
                        .path("message")
                        .asText()
                        .contains("there are: sample"));
    }

    @Test
    void waitsForTheKindToBeServed() {
        AtomicInteger refused = new AtomicInteger();
        cluster.api()
                .fail(request -> request.path().startsWith("/apis/features.kite.dev")
                        ? refused.incrementAndGet() > 0 ? 404 : null
                        : null);
        run();
        eventually("asked", () -> refused.get() > 3);
        cluster.api().heal();
        awaitPhase("Enabled");
    }
}
