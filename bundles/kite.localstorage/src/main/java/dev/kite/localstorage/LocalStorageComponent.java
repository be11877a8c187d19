package dev.kite.localstorage;

import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.controller.ControllerFactory;
import dev.kite.api.feature.FeatureCleanup;
import dev.kite.api.health.HealthCheck;
import dev.kite.api.health.Ready;
import dev.kite.api.security.UserInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Provisions while the API is ready. */
@Component(
        service = {HealthCheck.class, FeatureCleanup.class},
        immediate = true,
        configurationPid = {"kite", "kite.feature.local-storage"},
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LocalStorageComponent implements HealthCheck, FeatureCleanup {
    private static final UserInfo IDENTITY = UserInfo.of("system:kite:local-storage", UserInfo.MASTERS);

    private final KubernetesClient client;
    private final LocalStorage storage;

    /**
     * Starts provisioning.
     *
     * @param server the server's settings
     * @param agent the node's settings
     * @param api the API, ready
     * @param clients makes the client
     * @param controllers makes the queue
     */
    @Activate
    public LocalStorageComponent(
            ServerSettings server,
            AgentSettings agent,
            @Reference(target = "(" + Ready.COMPONENT + "=api)") Ready api,
            @Reference KubernetesClientFactory clients,
            @Reference ControllerFactory controllers) {
        this.client = clients.inProcess(IDENTITY);
        String folder = server.default_local_storage_path();
        this.storage = new LocalStorage(
                client,
                controllers,
                nodeName(agent.node_name()),
                folder.isEmpty()
                        ? Path.of(server.data_dir(), "storage").toAbsolutePath()
                        : Path.of(folder).toAbsolutePath());
    }

    private static String nodeName(String given) {
        if (!given.isEmpty()) {
            return given.toLowerCase(Locale.ROOT);
        }
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"))
                    .strip()
                    .toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new IllegalStateException("the host's name cannot be read; set --node-name", e);
        }
    }

    @Override
    public String name() {
        return "local-storage";
    }

    @Override
    public String feature() {
        return LocalStorage.FEATURE;
    }

    @Override
    public Health check() {
        return storage.health();
    }

    @Override
    public void remove() {
        storage.cleanUp();
    }

    /** Ends the loop. */
    @Deactivate
    void deactivate() {
        storage.close();
        client.close();
    }
}
