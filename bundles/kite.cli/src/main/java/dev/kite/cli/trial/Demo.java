package dev.kite.cli.trial;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The demo of {@code kite try --demo}: applies examples/hello.yaml with the user's own kubectl, waits, and shows what runs. */
final class Demo {
    private final Trial trial;

    Demo(Trial trial) {
        this.trial = trial;
    }

    int run() throws IOException, InterruptedException {
        Path manifest = trial.kubeconfig().resolveSibling("hello.yaml");
        try (InputStream packaged = Demo.class.getResourceAsStream("/hello.yaml")) {
            if (packaged == null) {
                throw new IOException("this build carries no demo");
            }
            Files.copy(packaged, manifest, StandardCopyOption.REPLACE_EXISTING);
        }
        List<List<String>> steps = List.of(
                List.of("apply", "-f", manifest.toString()),
                List.of("-n", "hello", "rollout", "status", "deployment/hello", "--timeout=180s"),
                List.of("-n", "hello", "get", "all", "-o", "wide"),
                List.of(
                        "-n",
                        "hello",
                        "exec",
                        "deploy/hello",
                        "--",
                        "wget",
                        "-qO-",
                        "http://hello.hello.svc.cluster.local"));
        for (List<String> step : steps) {
            List<String> command = new ArrayList<>(List.of("kubectl"));
            command.addAll(step);
            System.out.println("$ " + String.join(" ", command));
            int code = trial.run(command);
            if (code != 0) {
                System.err.println("kite: the demo stopped: kubectl ended with code " + code);
                return code;
            }
        }
        return 0;
    }
}
