package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.linux.NetworkNamespace;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.SharedCluster;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods and Services reach each other in each of the ways that there are. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkTest {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: www}
            data:
              serve.sh: |
                mkdir -p /tmp/www/cgi-bin
                printf '#!/bin/sh\\necho "Content-Type: text/plain"\\necho\\nhostname\\n' > /tmp/www/cgi-bin/who
                chmod 755 /tmp/www/cgi-bin/who
                touch /tmp/ready
                exec httpd -f -p 8080 -h /tmp/www
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: web}
            spec:
              serviceName: peers
              replicas: 2
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: web
                    image: busybox:1.36
                    command: [sh, /etc/www/serve.sh]
                    ports: [{name: http, containerPort: 8080}]
                    readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1}
                    volumeMounts: [{name: www, mountPath: /etc/www}]
                  volumes: [{name: www, configMap: {name: www}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: peers}
            spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 8080, targetPort: http}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: sticky}
            spec: {sessionAffinity: ClientIP, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: nobody}
            spec: {selector: {app: nobody}, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: balanced}
            spec: {type: LoadBalancer, loadBalancerClass: example.com/none, selector: {app: web}, ports: [{port: 80}]}
            """;

    private final Cluster cluster;
    private Workspace work;

    NetworkTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    void start() {
        work = new Workspace(cluster, "network");
        work.apply(OBJECTS);
        work.pod("client", "sleep 3600");
        work.run("rollout", "status", "statefulset/web", "--timeout=120s");
        work.awaitReady("pod/client");
    }

    @AfterAll
    void end() {
        work.close();
    }

    private Set<String> answers(String pod, String url, int times) {
        Execution answers = work.shell(
                pod, "i=0; while [ $i -lt " + times + " ]; do timeout 5 wget -qO- " + url + "; i=$((i+1)); done");
        return new TreeSet<>(answers.succeeded().output().lines().toList());
    }

    @Test
    @Behaviour("Pods reach each other, Services by ClusterIP and by DNS name")
    void podsReachPodsAndServices() {
        assertThat(answers("client", "http://" + work.field("pod/web-0", ".status.podIP") + ":8080/cgi-bin/who", 1))
                .containsExactly("web-0");
        String address = work.field("service/web", ".spec.clusterIP");
        assertThat(answers("client", "http://" + address + "/cgi-bin/who", 30)).containsExactly("web-0", "web-1");
        assertThat(answers("client", "http://web/cgi-bin/who", 30)).containsExactly("web-0", "web-1");
        assertThat(answers("client", "http://web.network.svc.cluster.local/cgi-bin/who", 1))
                .isSubsetOf("web-0", "web-1");
    }

    @Test
    @Behaviour("Proxy: a pod reaches itself by its own Service")
    void aPodReachesItselfByItsService() {
        assertThat(answers("web-0", "http://web/cgi-bin/who", 30)).containsExactly("web-0", "web-1");
    }

    @Test
    @Behaviour("Proxy: ClusterIP and NodePort")
    void nodePortsAreOpenOnAllAddressesOfTheNode() {
        String port = work.field("service/web", ".spec.ports[0].nodePort");
        String node = work.kubectl().run("get", "node", "-o", "jsonpath={.items[0].status.addresses[0].address}");
        for (String host : new String[] {node, "127.0.0.1"}) {
            Execution answer = cluster.node()
                    .execute(
                            "timeout",
                            "5",
                            "/bin/busybox",
                            "wget",
                            "-qO-",
                            "http://" + host + ":" + port + "/cgi-bin/who");
            assertThat(answer.output().strip()).as(host + " " + answer.error()).matches("web-[01]");
        }
    }

    @Test
    @Behaviour("Proxy: the node itself reaches Services")
    void theNodeReachesServices() {
        Execution answer = cluster.node()
                .execute(
                        "timeout",
                        "5",
                        "/bin/busybox",
                        "wget",
                        "-qO-",
                        "http://" + work.field("service/web", ".spec.clusterIP") + "/cgi-bin/who");
        assertThat(answer.output().strip()).as(answer.error()).matches("web-[01]");
    }

    @Test
    @Behaviour("Proxy: session affinity by client address")
    void anAffineClientStaysWithOnePod() {
        assertThat(answers("client", "http://sticky/cgi-bin/who", 20)).hasSize(1);
    }

    @Test
    @Behaviour("Proxy: a Service without endpoints refuses at once")
    void aServiceWithoutEndpointsRefusesAtOnce() {
        long before = System.nanoTime();
        Execution refused = work.shell("client", "timeout 10 wget -qO- http://nobody/");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.error()).contains("Connection refused");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    @Behaviour("cluster DNS with A, AAAA, SRV and PTR, headless Services")
    void dnsAnswersOfServicesPodsPortsAndAddresses() {
        String first = work.field("pod/web-0", ".status.podIP");
        String second = work.field("pod/web-1", ".status.podIP");
        assertThat(lookup("-type=a peers.network.svc.cluster.local")).contains(first, second);
        assertThat(lookup("-type=a web-1.peers.network.svc.cluster.local"))
                .contains(second)
                .doesNotContain(first + "\n");
        assertThat(lookup("-type=srv _http._tcp.peers.network.svc.cluster.local"))
                .contains("8080 web-0.peers.network.svc.cluster.local", "8080 web-1.peers.network.svc.cluster.local");
        assertThat(lookup(first)).contains("name = web-0.peers.network.svc.cluster.local");
        assertThat(lookup(work.field("service/web", ".spec.clusterIP")))
                .contains("name = web.network.svc.cluster.local");
        assertThat(work.shell("client", "nslookup -type=a absent.network.svc.cluster.local")
                        .output())
                .contains("NXDOMAIN");
    }

    private String lookup(String question) {
        return work.shell("client", "nslookup " + question).succeeded().output();
    }

    @Test
    @Behaviour("Services of kind LoadBalancer wait for a controller")
    void aBalancedServiceWaitsForAController() {
        assertThat(work.run("get", "service", "balanced")).contains("LoadBalancer", "<pending>");
        assertThat(work.field("service/balanced", ".spec.ports[0].nodePort")).isNotEmpty();
    }

    @Test
    @Behaviour("Endpoints follow readiness")
    void endpointsFollowReadiness() {
        work.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: moody, labels: {app: moody}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: busybox:1.36
                    command: [sh, -c, "mkdir /tmp/w; echo fine > /tmp/w/index.html; exec httpd -f -p 8080 -h /tmp/w"]
                    readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1, failureThreshold: 1}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: moody}
                spec: {selector: {app: moody}, ports: [{port: 80, targetPort: 8080}]}
                """);
        work.await("pod/moody", ".status.phase", "Running");
        assertThat(work.shell("client", "timeout 5 wget -qO- http://moody/").error())
                .contains("refused");
        for (int round = 0; round < 2; round++) {
            work.shell("moody", "touch /tmp/ready").succeeded();
            Await.until(
                    "the ready pod is reached",
                    Workspace.PATIENCE,
                    () -> work.shell("client", "timeout 5 wget -qO- http://moody/")
                            .output()
                            .equals("fine\n"));
            work.shell("moody", "rm /tmp/ready").succeeded();
            Await.until(
                    "the unready pod is not reached",
                    Workspace.PATIENCE,
                    () -> work.shell("client", "timeout 5 wget -qO- http://moody/")
                            .error()
                            .contains("refused"));
        }
    }

    @Test
    @Behaviour("Proxy: UDP Services, and Services whose endpoints are written by hand")
    void datagramsReachAnEndpointOutsideThePods() throws Exception {
        String node = work.kubectl().run("get", "node", "-o", "jsonpath={.items[0].status.addresses[0].address}");
        NetworkNamespace host = NetworkNamespace.named(cluster.node().host().namespace());
        try (DatagramChannel server = host.call(DatagramChannel::open);
                DatagramChannel client = host.call(DatagramChannel::open)) {
            server.bind(new InetSocketAddress(node, 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            work.apply("""
                    apiVersion: v1
                    kind: Service
                    metadata: {name: outside}
                    spec: {ports: [{name: data, port: 5000, protocol: UDP}]}
                    ---
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: outside-1, labels: {kubernetes.io/service-name: outside}}
                    addressType: IPv4
                    ports: [{name: data, port: %d, protocol: UDP}]
                    endpoints: [{addresses: ["%s"]}]
                    """.formatted(port, node));
            InetSocketAddress service = new InetSocketAddress(work.field("service/outside", ".spec.clusterIP"), 5000);
            server.configureBlocking(false);
            ByteBuffer received = ByteBuffer.allocate(100);
            Await.until("a datagram arrives", Workspace.PATIENCE, () -> {
                client.send(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)), service);
                Thread.sleep(200);
                return server.receive(received) != null;
            });
            assertThat(new String(received.array(), 0, received.position(), StandardCharsets.UTF_8))
                    .isEqualTo("hello");
        }
    }
}
