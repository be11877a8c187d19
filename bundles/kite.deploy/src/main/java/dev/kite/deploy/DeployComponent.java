package dev.kite.deploy;

import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.health.Ready;
import dev.kite.api.security.UserInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the cluster as the manifests folder says: at start, on each change, and every 15 seconds for changes that no file system tells of. */
@Component(
        service = DeployComponent.class,
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class DeployComponent {
    private static final Logger LOG = LoggerFactory.getLogger(DeployComponent.class);
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private final BundleContext context;
    private final KubernetesClient client;
    private final Path folder;
    private final ManifestFiles files;
    private final ManifestLoop loop;
    private final FolderWatch watch;
    private final Thread thread;
    private @Nullable ServiceRegistration<Ready> ready;

    /**
     * Starts to watch.
     *
     * @param context where readiness is said
     * @param api the API, ready
     * @param clients makes the client
     * @param server where the folder is and what is disabled
     * @param agent the node's name, which field managers bear
     * @throws IOException if the folder can't be made or watched
     */
    @Activate
    public DeployComponent(
            BundleContext context,
            @Reference(target = "(" + Ready.COMPONENT + "=api)") Ready api,
            @Reference KubernetesClientFactory clients,
            ServerSettings server,
            AgentSettings agent)
            throws IOException {
        this.context = context;
        Set<String> disabled = Set.of(server.disable());
        folder = Path.of(server.data_dir()).resolve("server").resolve("manifests");
        if (Files.notExists(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        PackagedManifests.write(folder, disabled);
        client = clients.inProcess(UserInfo.of("system:k3s-supervisor", UserInfo.MASTERS));
        files = new ManifestFiles(folder, disabled);
        Deployer deployer = new Deployer(client, nodeName(agent), variables(server, agent));
        loop = new ManifestLoop(files, deployer, disabled, InstantSource.system());
        watch = new FolderWatch(folder);
        LOG.debug("Watching {} for {}", folder, api.detail());
        thread = Thread.ofVirtual().name("kite-deploy").start(this::run);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            Duration next = INTERVAL;
            try {
                // Folders are watched before they are read, so that no change falls between.
                watch.watch(files.folders());
                next = loop.look(INTERVAL);
                tellReady();
            } catch (IOException | RuntimeException e) {
                LOG.warn("The manifests folder could not be applied: {}", e.getMessage());
            }
            try {
                watch.await(next);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void tellReady() {
        if (ready == null && !Thread.currentThread().isInterrupted()) {
            Ready marker = folder::toString;
            ready = context.registerService(
                    Ready.class, marker, FrameworkUtil.asDictionary(Map.of(Ready.COMPONENT, "deploy")));
        }
    }

    /** What manifests may name: the API as pods reach it, and the cluster's settings. */
    static Map<String, String> variables(ServerSettings server, AgentSettings agent) {
        String registry = agent.system_default_registry();
        return Map.of(
                "KUBERNETES_API",
                "kubernetes.default.svc." + server.cluster_domain() + ":443",
                "CLUSTER_DNS",
                String.join(",", server.cluster_dns()),
                "CLUSTER_DOMAIN",
                server.cluster_domain(),
                "DEFAULT_LOCAL_STORAGE_PATH",
                server.default_local_storage_path().isEmpty()
                        ? Path.of(server.data_dir()).resolve("storage").toString()
                        : server.default_local_storage_path(),
                "SYSTEM_DEFAULT_REGISTRY",
                registry.isEmpty() ? "" : registry + "/",
                "SYSTEM_DEFAULT_REGISTRY_RAW",
                registry);
    }

    private static String nodeName(AgentSettings agent) {
        if (!agent.node_name().isEmpty()) {
            return agent.node_name().toLowerCase(Locale.ROOT);
        }
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Says that it is not ready, then ends; what is being applied is given up. */
    @Deactivate
    void deactivate() throws IOException, InterruptedException {
        thread.interrupt();
        synchronized (this) {
            if (ready != null) {
                ready.unregister();
            }
        }
        thread.join(Duration.ofSeconds(5));
        watch.close();
        client.close();
    }
}
