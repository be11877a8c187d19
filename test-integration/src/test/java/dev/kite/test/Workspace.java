package dev.kite.test;

import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Kubectl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A namespace of a test's own, and kubectl in it. Closing it asks for its deletion and does not wait. */
final class Workspace implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Kubectl kubectl;
    private final String namespace;

    Workspace(Cluster cluster, String namespace) {
        this.kubectl = cluster.kubectl();
        this.namespace = namespace;
        kubectl.run("create", "namespace", namespace);
    }

    String[] words(String... arguments) {
        List<String> words = new ArrayList<>(List.of("-n", namespace));
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    Kubectl kubectl() {
        return kubectl;
    }

    Execution execute(String... arguments) {
        return kubectl.execute(words(arguments));
    }

    Execution executeWith(String input, String... arguments) {
        return kubectl.executeWith(input, words(arguments));
    }

    String run(String... arguments) {
        return execute(arguments).succeeded().output();
    }

    void apply(String manifest) {
        kubectl.executeWith(manifest, words("apply", "-f", "-")).succeeded();
    }

    /** Runs a script of busybox's shell in a pod's first container. */
    Execution shell(String pod, String script) {
        return execute("exec", pod, "--", "sh", "-c", script);
    }

    String field(String object, String path) {
        return run("get", object, "-o", "jsonpath={" + path + "}");
    }

    void await(String object, String path, String value) {
        Await.until(
                () -> object + " has " + path + " = " + value + "; "
                        + execute("describe", object).output(),
                PATIENCE,
                () -> field(object, path).equals(value));
    }

    void awaitReady(String pods) {
        run("wait", "--for=condition=Ready", pods, "--timeout=120s");
    }

    void awaitGone(String object) {
        Await.until(
                object + " is gone",
                PATIENCE,
                () -> execute("get", object, "--ignore-not-found", "-o", "name")
                        .succeeded()
                        .output()
                        .isEmpty());
    }

    /** A pod of busybox that runs a script; what it is told to do at SIGTERM it does within a second. */
    void pod(String name, String script) {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {app: %s}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: "busybox:1.36", command: [sh, -c, %s]}]
                """.formatted(name, name, "\"" + script.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
    }

    @Override
    public void close() {
        kubectl.run("delete", "namespace", namespace, "--wait=false");
    }
}
