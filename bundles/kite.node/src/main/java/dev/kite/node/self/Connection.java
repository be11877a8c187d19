package dev.kite.node.self;

import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.security.UserInfo;
import dev.kite.linux.IpPrefix;
import dev.kite.linux.NodeAddresses;
import dev.kite.node.NodeContext;
import dev.kite.node.NodePaths;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers {@link NodeContext} as soon as this node has an address and a way to the API: the server's in this process, or by DATA/agent/kubelet.kubeconfig, which joining writes. One
 * thread, {@code node-connection}, until then.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final BundleContext bundles;
    private final KubernetesClientFactory clients;
    private final ServerSettings cluster;
    private final AgentSettings settings;
    private final Thread thread;
    private @Nullable ServiceRegistration<NodeContext> registration;
    private @Nullable KubernetesClient client;
    private boolean closed;

    /**
     * Starts looking.
     *
     * @param bundles where the context is registered
     * @param clients makes the client
     * @param cluster the cluster's settings
     * @param settings the agent's settings
     */
    @Activate
    public Connection(
            BundleContext bundles,
            @Reference KubernetesClientFactory clients,
            ServerSettings cluster,
            AgentSettings settings) {
        this.bundles = bundles;
        this.clients = clients;
        this.cluster = cluster;
        this.settings = settings;
        this.thread = Thread.ofVirtual().name("node-connection").unstarted(this::connect);
        if (!cluster.disable_agent()) {
            thread.start();
        }
    }

    private void connect() {
        String said = "";
        try {
            while (true) {
                try {
                    offer();
                    return;
                } catch (IOException | RuntimeException e) {
                    String message = String.valueOf(e.getMessage());
                    if (!message.equals(said)) {
                        LOG.warn("The node waits: {}", message);
                        said = message;
                    }
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void offer() throws IOException {
        String name = nodeName(settings);
        List<InetAddress> addresses = addresses(settings);
        NodePaths paths = NodePaths.of(Path.of(settings.data_dir()));
        KubernetesClient made;
        if ("agent".equals(bundles.getProperty("kite.feature"))) {
            Path kubeconfig = paths.data().resolve("agent/kubelet.kubeconfig");
            if (!Files.exists(kubeconfig)) {
                throw new IOException("not joined yet: there is no " + kubeconfig);
            }
            made = clients.remote(kubeconfig);
        } else {
            made = clients.inProcess(
                    new UserInfo("system:node:" + name, "", List.of("system:nodes", UserInfo.AUTHENTICATED), Map.of()));
        }
        synchronized (this) {
            if (closed) {
                made.close();
            } else {
                client = made;
                registration = bundles.registerService(
                        NodeContext.class, new Context(name, made, addresses, paths, settings, cluster), null);
            }
        }
    }

    /** The node's name: what is set, else the host's, in lower case. */
    static String nodeName(AgentSettings settings) throws UnknownHostException {
        String name = settings.node_name().isEmpty() ? hostName() : settings.node_name();
        return name.toLowerCase(Locale.ROOT);
    }

    private static String hostName() throws UnknownHostException {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return InetAddress.getLocalHost().getHostName();
        }
    }

    private static List<InetAddress> addresses(AgentSettings settings) throws IOException {
        List<InetAddress> set = new ArrayList<>();
        for (String entry : settings.node_ip()) {
            for (String one : entry.split(",")) {
                if (!one.isBlank()) {
                    set.add(IpPrefix.literal(one.strip()));
                }
            }
        }
        if (!set.isEmpty()) {
            return List.copyOf(set);
        }
        Optional<NodeAddresses.Uplink> uplink = NodeAddresses.detect();
        if (uplink.isEmpty()) {
            throw new IOException("this machine has no address; set --node-ip or bring up its network");
        }
        List<InetAddress> four = uplink.get().addresses().stream()
                .filter(one -> one.getAddress().length == 4)
                .toList();
        return four.isEmpty() ? uplink.get().addresses().subList(0, 1) : four.subList(0, 1);
    }

    /** The context. */
    private record Context(
            String name,
            KubernetesClient client,
            List<InetAddress> addresses,
            NodePaths paths,
            AgentSettings settings,
            ServerSettings cluster)
            implements NodeContext {}

    /** Takes the context back. */
    @Deactivate
    public void stop() {
        thread.interrupt();
        ServiceRegistration<NodeContext> old;
        KubernetesClient oldClient;
        synchronized (this) {
            closed = true;
            old = registration;
            oldClient = client;
            registration = null;
            client = null;
        }
        if (old != null) {
            old.unregister();
        }
        if (oldClient != null) {
            oldClient.close();
        }
    }
}
