package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.ClientTools;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Kubectl;
import dev.kite.test.rig.SharedCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kubectl that the machine has does the everyday verbs. */
@ExtendWith(SharedCluster.class)
class KubectlVersionsTest {
    private final Kubectl onPath;

    KubectlVersionsTest(Cluster cluster) {
        this.onPath = cluster.kubectl();
    }

    static List<Path> versions() throws IOException {
        List<Path> versions = new ArrayList<>(Kubectl.versions());
        try {
            versions.add(new ClientTools().kubectl());
        } catch (ClientTools.Unavailable e) {
            System.out.println("without kubectl 1.36: " + e.getMessage());
        }
        return versions;
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Behaviour("Real kubectl (any of 1.27 to 1.33) against it")
    void everydayVerbsWork(Path program) {
        Kubectl kubectl = onPath.version(program);
        String namespace = "versions-" + program.getFileName().toString().replace('.', '-');
        kubectl.run("create", "namespace", namespace);
        try {
            kubectl.apply("""
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: settings, namespace: %s}
                    data: {colour: blue}
                    """.formatted(namespace));
            assertThat(kubectl.apply("""
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: settings, namespace: %s}
                    data: {colour: green}
                    """.formatted(namespace))).contains("configured");
            assertThat(kubectl.run("-n", namespace, "get", "configmap", "settings", "-o", "jsonpath={.data.colour}"))
                    .isEqualTo("green");
            kubectl.run(
                    "-n",
                    namespace,
                    "patch",
                    "configmap",
                    "settings",
                    "--type=json",
                    "-p",
                    "[{\"op\":\"add\",\"path\":\"/data/shape\",\"value\":\"round\"}]");
            kubectl.run("-n", namespace, "label", "configmap", "settings", "tier=front");
            assertThat(kubectl.run("-n", namespace, "get", "configmaps", "-l", "tier=front"))
                    .contains("settings", "DATA");
            assertThat(kubectl.run("explain", "pod.spec.containers.image")).contains("image", "<string>");
            assertThat(kubectl.run("api-resources")).contains("deployments", "deploy", "apps/v1");
            assertThat(kubectl.run("auth", "can-i", "create", "pods")).contains("yes");
            kubectl.run("-n", namespace, "create", "deployment", "web", "--image=busybox:1.36", "--", "sleep", "3600");
            kubectl.run("-n", namespace, "wait", "--for=condition=Available", "deployment/web", "--timeout=120s");
            assertThat(kubectl.run("-n", namespace, "exec", "deploy/web", "--", "echo", "hi"))
                    .isEqualTo("hi\n");
            assertThat(kubectl.run("-n", namespace, "describe", "deployment", "web"))
                    .contains("1 available");
            Execution wrong = kubectl.executeWith(
                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad_Name}\n",
                    "-n",
                    namespace,
                    "apply",
                    "-f",
                    "-");
            assertThat(wrong.code()).isEqualTo(1);
            assertThat(wrong.error()).contains("Bad_Name").contains("lowercase RFC 1123 subdomain");
        } finally {
            kubectl.run("delete", "namespace", namespace, "--wait=false");
        }
    }
}
