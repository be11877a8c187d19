package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Kubectl;
import dev.kite.test.rig.SharedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What lies in the manifests directory is in the cluster. */
@ExtendWith(SharedCluster.class)
class ManifestsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Kubectl kubectl;
    private final Path folder;

    ManifestsTest(Cluster cluster) {
        this.kubectl = cluster.kubectl();
        this.folder = cluster.node().data().resolve("server/manifests");
    }

    private static String settings(String name, String colour) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s, namespace: default}
                data: {colour: %s}
                """.formatted(name, colour);
    }

    private String colour(String name) {
        return kubectl.execute("get", "configmap", name, "--ignore-not-found", "-o", "jsonpath={.data.colour}")
                .succeeded()
                .output();
    }

    private void awaitColour(String name, String colour) {
        Await.until(
                () -> name + " is " + colour + "; it is " + colour(name),
                PATIENCE,
                () -> colour(name).equals(colour));
    }

    @Test
    @Behaviour("The manifests directory")
    void aFileIsAppliedFollowedAndEmptied() throws IOException {
        Path file = folder.resolve("dropped.yaml");
        Files.writeString(file, settings("dropped", "blue") + "---\n" + settings("dropped-too", "white"));
        awaitColour("dropped", "blue");
        awaitColour("dropped-too", "white");
        assertThat(kubectl.run("-n", "kube-system", "get", "addons")).contains("dropped");
        Files.writeString(file, settings("dropped", "green"));
        awaitColour("dropped", "green");
        awaitColour("dropped-too", "");
        Files.writeString(file, "");
        awaitColour("dropped", "");
        Files.delete(file);
    }

    @Test
    @Behaviour("The manifests directory: NAME.skip keeps Kite from a file")
    void aSkippedFileIsLeftAlone() throws IOException {
        Path skip = Files.createFile(folder.resolve("skipped.yaml.skip"));
        Path file = folder.resolve("skipped.yaml");
        Files.writeString(file, settings("skipped", "red"));
        // A second file that comes later shows that the first has been looked at.
        Path later = folder.resolve("skipped-later.yaml");
        Files.writeString(later, settings("skipped-later", "red"));
        awaitColour("skipped-later", "red");
        assertThat(colour("skipped")).isEmpty();
        Files.delete(skip);
        awaitColour("skipped", "red");
        Files.writeString(file, "");
        Files.writeString(later, "");
        awaitColour("skipped", "");
        Files.delete(file);
        Files.delete(later);
    }

    @Test
    @Behaviour("The manifests directory: a deleted file leaves its objects")
    void aDeletedFileLeavesItsObjects() throws IOException {
        Path file = folder.resolve("left.yaml");
        Files.writeString(file, settings("left", "black"));
        awaitColour("left", "black");
        Files.delete(file);
        // A file that comes later shows that the folder has been looked at.
        Path later = folder.resolve("left-later.yaml");
        Files.writeString(later, settings("left-later", "black"));
        awaitColour("left-later", "black");
        assertThat(colour("left")).isEqualTo("black");
        kubectl.run("delete", "configmap", "left");
        Files.writeString(later, "");
        awaitColour("left-later", "");
        Files.delete(later);
    }
}
