package dev.kite.cli.feature;

import dev.kite.cli.client.ApiAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster: {@code --kubeconfig}, else {@code KUBECONFIG}, else the server's own file. */
final class Connection {
    private static final Path OWN = Path.of("/etc/rancher/k3s/k3s.yaml");

    /** Set by picocli. */
    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Kubeconfig of the cluster [KUBECONFIG]")
    private @Nullable Path kubeconfig;

    Connection() {}

    Features open() throws IOException {
        return ApiFeatures.of(ApiAccess.of(file(System::getenv)));
    }

    Path file(UnaryOperator<@Nullable String> environment) {
        if (kubeconfig != null) {
            return kubeconfig;
        }
        String given = environment.apply("KUBECONFIG");
        if (given == null || given.isBlank()) {
            return OWN;
        }
        Path first = null;
        for (String each : given.split(":")) {
            if (!each.isEmpty()) {
                Path file = Path.of(each);
                if (Files.exists(file)) {
                    return file;
                }
                first = first == null ? file : first;
            }
        }
        return first == null ? OWN : first;
    }
}
