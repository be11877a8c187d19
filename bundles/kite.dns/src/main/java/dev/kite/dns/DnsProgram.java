package dev.kite.dns;

import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.node.PodContext;
import dev.kite.api.node.PodProgram;
import dev.kite.api.security.UserInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** Cluster DNS as the program of k3s's coredns pods (DESIGN, decision 10). */
@Component(configurationPid = "kite", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class DnsProgram implements PodProgram {
    private static final int PORT = 53;
    private static final Duration SYNC = Duration.ofMinutes(1);

    private final KubernetesClientFactory clients;
    private final String domain;
    private final Path resolvConf;

    /**
     * Takes its settings.
     *
     * @param clients makes the client
     * @param server the cluster's domain
     * @param agent the node's resolvers
     */
    @Activate
    public DnsProgram(@Reference KubernetesClientFactory clients, ServerSettings server, AgentSettings agent) {
        this.clients = clients;
        this.domain = server.cluster_domain();
        this.resolvConf = Path.of(agent.resolv_conf().isEmpty() ? "/etc/resolv.conf" : agent.resolv_conf());
    }

    @Override
    public String name() {
        return "coredns";
    }

    @Override
    public Running start(PodContext context) throws IOException, InterruptedException {
        KubernetesClient client = clients.inProcess(UserInfo.of(
                "system:serviceaccount:kube-system:coredns",
                "system:serviceaccounts",
                "system:serviceaccounts:kube-system"));
        InformerSource source = new InformerSource(client);
        try {
            if (!source.awaitSync(SYNC)) {
                throw new IOException("Services could not be listed in time");
            }
            Upstream upstream = new Upstream(Resolvers.read(resolvConf), () -> context.udp(0));
            Responder responder = new Responder(domain, new ClusterZone(domain, source), upstream);
            DatagramChannel udp = context.udp(PORT);
            ServerSocketChannel tcp = context.tcp(PORT);
            DnsServer server = DnsServer.start(responder, udp, tcp);
            context.log("serving " + domain + " on "
                    + String.join(
                            ", ",
                            context.addresses().stream()
                                    .map(InetAddress::getHostAddress)
                                    .toList()));
            return new Serving(server, source, client);
        } catch (IOException | InterruptedException | RuntimeException e) {
            source.close();
            client.close();
            throw e;
        }
    }

    private record Serving(DnsServer server, InformerSource source, KubernetesClient client) implements Running {
        @Override
        public boolean ready() {
            return server.open();
        }

        @Override
        public void close() {
            server.close();
            source.close();
            client.close();
        }
    }
}
