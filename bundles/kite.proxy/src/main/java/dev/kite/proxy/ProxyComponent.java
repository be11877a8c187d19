package dev.kite.proxy;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.client.Informer;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.health.Ready;
import dev.kite.api.security.UserInfo;
import dev.kite.linux.Nftables;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
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

/**
 * The service proxy. Changes of Services and EndpointSlices wake one thread, which writes at most one transaction each 50 ms; nothing is polled. Its tables outlive it (DESIGN,
 * decision 7): the next start replaces them in its first transaction.
 */
@Component(
        immediate = true,
        service = ProxyComponent.class,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ProxyComponent {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyComponent.class);
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Path BRIDGE_CALLS = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
    private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
    private static final Path LOOPBACK_ROUTES = Path.of("/proc/sys/net/ipv4/conf/all/route_localnet");

    private final BundleContext context;
    private final Semaphore changes = new Semaphore(0);
    private final ServiceProxy proxy;
    private final Map<String, String> settings;
    private final @Nullable KubernetesClient client;
    private final @Nullable Thread thread;
    private volatile boolean stopping;

    /**
     * Starts the proxy.
     *
     * @param context registers readiness
     * @param clients makes the client
     * @param server the cluster's networks
     * @param agent the node's name
     */
    @Activate
    public ProxyComponent(
            BundleContext context,
            @Reference KubernetesClientFactory clients,
            ServerSettings server,
            AgentSettings agent) {
        this.context = context;
        ComponentArguments arguments = ComponentArguments.of(UpstreamComponent.PROXY, agent.kube_proxy_arg());
        this.settings = ProxyRules.conntrack(arguments, Runtime.getRuntime().availableProcessors());
        this.proxy = new ServiceProxy(
                nodeName(agent),
                List.of(server.cluster_cidr()),
                families(server.service_cidr()),
                ProxyRules.of(arguments),
                new Nftables());
        if (server.disable_kube_proxy() || server.disable_agent()) {
            client = null;
            thread = null;
            return;
        }
        client = clients.inProcess(new UserInfo(
                "system:kube-proxy", "", List.of("system:node-proxier", UserInfo.AUTHENTICATED), Map.of()));
        thread = Thread.ofVirtual().name("kite-proxy").start(() -> run(client));
    }

    private static List<Family> families(String[] cidrs) {
        return java.util.Arrays.stream(Family.values())
                .filter(family -> java.util.Arrays.stream(cidrs).anyMatch(family::owns))
                .toList();
    }

    private static String nodeName(AgentSettings agent) {
        if (!agent.node_name().isEmpty()) {
            return agent.node_name();
        }
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("this host's name is not known; set --node-name", e);
        }
    }

    private void run(KubernetesClient client) {
        try (Informer<Service> services = client.informers().informer(Service.RESOURCE);
                Informer<EndpointSlice> slices = client.informers().informer(EndpointSlice.RESOURCE)) {
            prepareKernel();
            tune(Path.of("/proc/sys"), settings);
            services.onChange((_, _) -> changes.release());
            slices.onChange((_, _) -> changes.release());
            while (!stopping
                    && !(services.awaitSync(Duration.ofMinutes(1)) && slices.awaitSync(Duration.ofMinutes(1)))) {
                LOG.warn("waiting for the API to list Services");
            }
            changes.release();
            follow(services, slices);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.error("the service proxy ended", e);
        }
    }

    private void follow(Informer<Service> services, Informer<EndpointSlice> slices) throws InterruptedException {
        ServiceRegistration<Ready> ready = null;
        try {
            while (!stopping) {
                changes.acquire();
                Thread.sleep(GATHER);
                changes.drainPermits();
                if (sync(services, slices) && ready == null) {
                    ready = register();
                }
            }
        } finally {
            if (ready != null) {
                ready.unregister();
            }
        }
    }

    private boolean sync(Informer<Service> services, Informer<EndpointSlice> slices) throws InterruptedException {
        try {
            proxy.sync(services.list(), slices.list());
            return true;
        } catch (IOException e) {
            LOG.warn("Services are not in the kernel, trying again: {}", e.getMessage());
            Thread.sleep(RETRY);
            changes.release();
            return false;
        }
    }

    private ServiceRegistration<Ready> register() {
        return context.registerService(
                Ready.class, () -> "nftables", FrameworkUtil.asDictionary(Map.of(Ready.COMPONENT, "proxy")));
    }

    /** Pods on one bridge must pass the tables, packets be forwarded, and a node port be reached at 127.0.0.1. */
    private static void prepareKernel() {
        for (Path setting : List.of(BRIDGE_CALLS, FORWARDING, LOOPBACK_ROUTES)) {
            try {
                if (Files.exists(setting) && !Files.readString(setting).strip().equals("1")) {
                    Files.writeString(setting, "1");
                }
            } catch (IOException e) {
                LOG.warn(
                        "{} can't be set to 1: {}; Services may not work between pods of one node",
                        setting,
                        e.getMessage());
            }
        }
        if (!Files.exists(BRIDGE_CALLS)) {
            LOG.warn("the kernel module br_netfilter is not loaded: Services may not work between pods of one node");
        }
    }

    /** Sets what was asked for; a kernel that has a setting not, or refuses it, is said. */
    static void tune(Path sys, Map<String, String> settings) {
        settings.forEach((name, value) -> {
            try {
                Files.writeString(sys.resolve(name), value, StandardOpenOption.WRITE);
            } catch (IOException e) {
                LOG.warn("{} can't be set to {}: {}", sys.resolve(name), value, e.getMessage());
            }
        });
    }

    /** Ends the thread; the tables stay. */
    @Deactivate
    public void stop() throws InterruptedException {
        stopping = true;
        if (thread != null) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(5));
        }
        if (client != null) {
            client.close();
        }
    }
}
