package dev.kite.node.self;

import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.health.Ready;
import dev.kite.api.node.PodProgram;
import dev.kite.api.security.UserInfo;
import dev.kite.cri.ContainerRuntime;
import dev.kite.linux.Link;
import dev.kite.linux.Nftables;
import dev.kite.linux.NodeAddresses;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.KubeletArguments;
import dev.kite.node.NodeContext;
import dev.kite.node.NodePods;
import dev.kite.node.VolumeMounter;
import dev.kite.node.pod.PodManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kubelet: its Node, its Lease, its pod network, its pods. */
@Component(service = NodePods.class, immediate = true)
public final class NodeComponent implements NodePods {
    private static final Logger LOG = LoggerFactory.getLogger(NodeComponent.class);
    private static final Path SWAPS = Path.of("/proc/swaps");
    private static final int OVERLAY = 50;
    private static final int USUAL_MTU = 1500;

    private final BundleContext bundles;
    private final NodeContext node;
    private final @Nullable KubernetesClient roles;
    private final PodManager pods;
    private final NodeKeeper keeper;
    private final NodeLease lease;
    private final StaticPods staticPods;
    private String networks = "";
    private @Nullable ServiceRegistration<Ready> ready;
    private boolean closed;

    /**
     * Starts the node.
     *
     * @param bundles registers readiness
     * @param node who it is
     * @param runtime runs containers
     * @param volumes mounts volumes
     * @param clients makes the client that sets the role of a server's node
     * @throws IOException if the machine can't be looked at
     */
    @Activate
    public NodeComponent(
            BundleContext bundles,
            @Reference NodeContext node,
            @Reference ContainerRuntime runtime,
            @Reference VolumeMounter volumes,
            @Reference KubernetesClientFactory clients)
            throws IOException {
        this.bundles = bundles;
        this.node = node;
        boolean server = !"agent".equals(bundles.getProperty("kite.feature"));
        KubeletArguments arguments =
                KubeletArguments.read(node.paths().data(), node.settings().kubelet_arg());
        refuse(arguments);
        Machine machine = Machine.read(node.paths().root());
        NodeObject self = new NodeObject(
                node.name(),
                machine,
                node.addresses(),
                List.of(node.settings().node_external_ip()),
                node.settings().kubelet_port(),
                arguments,
                server,
                List.of(node.settings().node_label()),
                List.of(node.settings().node_taint()));
        this.roles = server
                ? clients.inProcess(new UserInfo(
                        "system:k3s-controller", "", List.of(UserInfo.MASTERS, UserInfo.AUTHENTICATED), Map.of()))
                : null;
        InstantSource clock = InstantSource.system();
        this.pods = new PodManager(node, runtime, volumes, arguments, self.allocatable(), machine.memory(), clock);
        this.keeper = new NodeKeeper(
                node,
                roles == null ? node.client() : roles,
                self,
                runtime,
                this::seen,
                arguments,
                this::relieve,
                clock);
        this.lease = new NodeLease(node, clock);
        this.staticPods = new StaticPods(node, pods, arguments);
        lease.start();
        keeper.start();
        pods.start();
        staticPods.start();
    }

    private void refuse(KubeletArguments arguments) throws IOException {
        if (arguments.given().flag("protect-kernel-defaults", node.settings().protect_kernel_defaults())) {
            KernelDefaults.protect(Path.of("/proc/sys"));
        }
        if (arguments.given().flag("fail-swap-on", false) && Files.isReadable(SWAPS)) {
            KernelDefaults.refuseSwap(Files.readString(SWAPS));
        }
        if (arguments.given().flag("fail-cgroupv1", false)) {
            KernelDefaults.refuseOldCgroups(Path.of("/sys/fs/cgroup"));
        }
    }

    private void relieve(Pressures.Shortage shortage, boolean again) {
        if (shortage.signal().isDisk() && !again) {
            pods.removeUnusedImages();
        } else {
            pods.evictOne(
                    shortage.signal() == Signal.MEMORY || shortage.signal() == Signal.PIDS,
                    shortage.signal().resource(),
                    "Threshold quantity: " + Quantity.ofBytes(shortage.least()) + ", available: "
                            + Quantity.ofBytes(shortage.available() / 1024 * 1024) + ". ");
        }
    }

    /** Writes the pod network's configuration when it is known or changed, and says that the node is ready when it is. */
    private synchronized void seen(Node now) {
        List<String> own = now.spec().podCIDRs().isEmpty()
                ? now.spec().podCIDR().isEmpty()
                        ? List.of()
                        : List.of(now.spec().podCIDR())
                : now.spec().podCIDRs();
        if (!own.isEmpty() && !own.toString().equals(networks)) {
            try {
                network(own);
                networks = own.toString();
            } catch (IOException e) {
                LOG.warn("The pod network is not set up, trying again: {}", e.getMessage());
            }
        }
        if (keeper.ready() && ready == null && !closed) {
            ready = bundles.registerService(
                    Ready.class,
                    () -> node.name() + " " + node.addresses().getFirst().getHostAddress(),
                    FrameworkUtil.asDictionary(Map.of(Ready.COMPONENT, "node")));
        }
    }

    private void network(List<String> own) throws IOException {
        List<String> cluster = List.of(node.cluster().cluster_cidr());
        for (String file : List.of("/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding")) {
            if (Files.isWritable(Path.of(file))
                    && Files.readString(Path.of(file)).strip().equals("0")) {
                Files.writeString(Path.of(file), "1");
            }
        }
        new Masquerade(new Nftables()).apply(cluster);
        if (node.cluster().flannel_backend().equals("none")) {
            return; // another network is installed, with a configuration of its own
        }
        int mtu = NodeAddresses.detect()
                .map(NodeAddresses.Uplink::link)
                .map(Link::mtu)
                .orElse(USUAL_MTU);
        boolean tunnel = node.cluster().flannel_backend().equals("vxlan");
        Path leases = node.paths().data().resolve("agent/cni-leases");
        if (new CniConfig(own, cluster, tunnel ? mtu - OVERLAY : mtu, leases)
                .write(node.paths().cniConfig())) {
            LOG.info("Pods of this node get addresses of {}", String.join(", ", own));
        }
        keeper.wake();
    }

    /**
     * A bundle offers a program.
     *
     * @param program the program
     */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "withdraw")
    void offer(PodProgram program) {
        pods.offer(program);
    }

    /**
     * A bundle takes its program back.
     *
     * @param program the program
     */
    void withdraw(PodProgram program) {
        pods.withdraw(program);
    }

    @Override
    public Collection<Pod> pods() {
        return pods.pods();
    }

    @Override
    public Optional<Pod> pod(String namespace, String name) {
        return pods.pod(namespace, name);
    }

    @Override
    public Optional<Instance> container(String namespace, String pod, String container) {
        return pods.container(namespace, pod, container);
    }

    @Override
    public Optional<String> sandbox(String namespace, String pod) {
        return pods.sandbox(namespace, pod);
    }

    @Override
    public void wake(String podUid) {
        pods.wake(podUid);
    }

    /** Ends the threads; containers stay. */
    @Deactivate
    public void stop() {
        ServiceRegistration<Ready> old;
        synchronized (this) {
            closed = true;
            old = ready;
            ready = null;
        }
        if (old != null) {
            old.unregister();
        }
        keeper.close();
        lease.close();
        staticPods.close();
        pods.close();
        if (roles != null) {
            roles.close();
        }
    }
}
