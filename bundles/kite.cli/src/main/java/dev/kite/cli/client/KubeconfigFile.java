package dev.kite.cli.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which kubeconfig an administrator's command uses. */
public final class KubeconfigFile {
    private static final Path OWN = Path.of("/etc/rancher/k3s/k3s.yaml");

    private KubeconfigFile() {}

    /**
     * Finds it.
     *
     * @param given the command's --kubeconfig, or null
     * @param environment the process's environment
     * @param data the data directory of a server on this machine
     * @return the flag's file, the first of KUBECONFIG that exists, the server's own, or the one that the server keeps under its data directory
     */
    public static Path find(@Nullable Path given, Map<String, String> environment, Path data) {
        if (given != null) {
            return given;
        }
        String named = environment.getOrDefault("KUBECONFIG", "");
        for (String each : named.split(":")) {
            if (!each.isEmpty() && Files.exists(Path.of(each))) {
                return Path.of(each);
            }
        }
        if (!named.isBlank()) {
            return Path.of(named.split(":")[0]);
        }
        Path kept = data.resolve("server/cred/admin.kubeconfig");
        return Files.exists(OWN) || !Files.exists(kept) ? OWN : kept;
    }
}
