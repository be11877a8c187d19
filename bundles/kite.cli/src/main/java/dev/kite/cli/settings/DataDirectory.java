package dev.kite.cli.settings;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where state lies where nothing says it: {@code /var/lib/rancher/k3s} for root, a folder of the home directory for others. */
public final class DataDirectory {
    private DataDirectory() {}

    /**
     * The default.
     *
     * @param root whether the user is root
     * @param environment the process's environment
     * @return the folder
     */
    public static Path byDefault(boolean root, Map<String, String> environment) {
        return root
                ? Path.of("/var/lib/rancher/k3s")
                : Path.of(environment.getOrDefault("HOME", "/tmp"), ".rancher/k3s");
    }

    /**
     * What a command uses.
     *
     * @param given its --data-dir, or null
     * @param environment the process's environment
     * @return the folder: the flag's, K3S_DATA_DIR's, the configuration file's or the default
     * @throws UsageException if the configuration file can't be read
     */
    public static Path of(@Nullable String given, Map<String, String> environment) throws UsageException {
        if (given != null) {
            return Path.of(given);
        }
        Object configured = new SettingsReader(FlagTable.server(), environment)
                .read(java.util.List.of())
                .values()
                .get("data.dir");
        return configured == null ? byDefault(isRoot(), environment) : Path.of(configured.toString());
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
