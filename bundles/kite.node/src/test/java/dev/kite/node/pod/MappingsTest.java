package dev.kite.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cri.ContainerImage;
import dev.kite.cri.Resources;
import dev.kite.cri.SandboxSpec;
import dev.kite.cri.Security;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingsTest {
    @TempDir
    Path folder;

    @Test
    void variablesAreExpandedByTheApisRule() {
        Map<String, String> known = Map.of("A", "1", "EMPTY", "");
        assertThat(Expansion.expand("x$(A)y$(EMPTY)z", known)).isEqualTo("x1yz");
        assertThat(Expansion.expand("$$(A) $(UNKNOWN) $A $(A", known)).isEqualTo("$(A) $(UNKNOWN) $A $(A");
        assertThat(Expansion.expand("$", known)).isEqualTo("$");
        assertThat(Expansion.expand("$$$$(A)", known)).isEqualTo("$$(A)");
    }

    @Property
    void anyTextIsExpandedWithoutFailing(@ForAll String text) {
        assertThat(Expansion.expand(text, Map.of())).isNotNull();
        assertThat(Expansion.expand(text.replace("$", ""), Map.of())).isEqualTo(text.replace("$", ""));
    }

    private static Container container(String cpu, String cpuLimit, String memory, String memoryLimit) {
        return Container.builder()
                .name("c")
                .resources(resources -> {
                    put(resources::putRequests, "cpu", cpu);
                    put(resources::putRequests, "memory", memory);
                    put(resources::putLimits, "cpu", cpuLimit);
                    put(resources::putLimits, "memory", memoryLimit);
                })
                .build();
    }

    private static void put(java.util.function.BiConsumer<String, Quantity> into, String name, String value) {
        if (!value.isEmpty()) {
            into.accept(name, Quantity.parse(value));
        }
    }

    private static Pod of(Container... containers) {
        return Pods.pod(spec -> spec.containers(List.of(containers)));
    }

    @Test
    void qualityOfServiceFollowsRequestsAndLimits() {
        assertThat(Qos.of(of(container("", "", "", "")))).isEqualTo(Qos.BEST_EFFORT);
        assertThat(Qos.of(of(container("1", "1", "1Gi", "1Gi")))).isEqualTo(Qos.GUARANTEED);
        assertThat(Qos.of(of(container("", "1", "", "1Gi"))))
                .as("requests default to limits")
                .isEqualTo(Qos.GUARANTEED);
        assertThat(Qos.of(of(container("500m", "1", "1Gi", "1Gi")))).isEqualTo(Qos.BURSTABLE);
        assertThat(Qos.of(of(container("1", "1", "1Gi", "1Gi"), container("", "", "", ""))))
                .isEqualTo(Qos.BURSTABLE);
    }

    @Test
    void limitsBecomeCgroupNumbers() {
        long memory = 4L << 30;
        Pod pod = of(container("250m", "1500m", "1Gi", "2Gi"));
        Resources limits = Limits.container(pod, pod.spec().containers().getFirst(), memory, true);
        assertThat(limits.cpuShares()).isEqualTo(256);
        assertThat(limits.cpuQuota()).isEqualTo(150_000);
        assertThat(limits.memoryLimit()).isEqualTo(2L << 30);
        assertThat(limits.oomScoreAdj()).isEqualTo(750);
        assertThat(Limits.quota(1)).isEqualTo(1000);
        assertThat(Limits.shares(0)).isEqualTo(2);
        assertThat(Limits.pod(of(container("1", "1", "1Gi", "1Gi"), container("1", "2", "1Gi", "1Gi"))))
                .isEqualTo(new Limits.PodLimits(2048, 300_000, 2L << 30));
        assertThat(Limits.pod(of(container("1", "", "", ""), container("", "1", "", "")))
                        .cpuQuota())
                .as("one container has no limit")
                .isZero();
    }

    @Test
    void cgroupsOfBothVersionsAreMadeLimitedAndRemoved() throws Exception {
        Path old = Files.createDirectories(folder.resolve("v1"));
        for (String controller : List.of("cpu", "memory")) {
            Files.createDirectories(old.resolve(controller));
            Files.writeString(old.resolve(controller).resolve("cgroup.procs"), "");
        }
        Pod pod = of(container("1", "1", "1Gi", "1Gi"));
        Cgroups cgroups = new Cgroups(old, "/root/", Cgroups.Rules.DEFAULT);
        assertThat(cgroups.path(pod)).isEqualTo("/root/kubepods/podu1");
        cgroups.make(pod);
        assertThat(old.resolve("cpu/root/kubepods/podu1")).isDirectory();
        Files.createDirectories(old.resolve("memory/root/kubepods/podu1/left"));
        cgroups.remove(pod);
        assertThat(old.resolve("memory/root/kubepods/podu1")).doesNotExist();
        assertThat(old.resolve("memory/root/kubepods")).exists();
    }

    @Test
    void aFullNodeAndUnsafeSysctlsRefuseAPod() {
        Admission admission = new Admission(
                Map.of("cpu", Quantity.parse("2"), "memory", Quantity.parse("1Gi"), "pods", Quantity.of(3)),
                List.of("net.core.*", "kernel.msgmax"));
        Pod one = of(container("1", "", "", ""));
        assertThat(admission.refuse(one, List.of(one))).isNull();
        assertThat(admission.refuse(one, List.of(one, one)).reason()).isEqualTo("OutOfcpu");
        assertThat(admission.refuse(of(container("", "", "2Gi", "")), List.of()).reason())
                .isEqualTo("OutOfmemory");
        assertThat(admission
                        .refuse(Pods.simple("Always", "a"), List.of(one, one, one))
                        .reason())
                .isEqualTo("OutOfpods");
        Pod critical = Pods.pod(spec -> spec.priority(2_000_001_000).addContainers(container("9", "", "", "")));
        assertThat(admission.refuse(critical, List.of())).isNull();
        for (String allowed :
                List.of("net.ipv4.tcp_syncookies", "net.core.somaxconn", "kernel.msgmax", "kernel/shm_rmid_forced")) {
            assertThat(admission.refuse(sysctl(allowed), List.of())).as(allowed).isNull();
        }
        assertThat(admission.refuse(sysctl("kernel.shmmax"), List.of()).reason())
                .isEqualTo("SysctlForbidden");
    }

    private static Pod sysctl(String name) {
        return Pods.pod(spec -> spec.securityContext(
                context -> context.addSysctls(one -> one.name(name).value("1"))));
    }

    @Test
    void servicesBecomeVariablesInDockersForm() {
        Service service = Service.builder()
                .metadata(meta -> meta.name("my-db"))
                .spec(spec -> spec.clusterIP("10.43.0.9")
                        .addPorts(port -> port.name("sql").port(5432).protocol("TCP"))
                        .addPorts(port -> port.name("stats").port(9100).protocol("UDP")))
                .build();
        Map<String, String> variables = new LinkedHashMap<>();
        Environment.add(service, variables);
        assertThat(variables)
                .containsEntry("MY_DB_SERVICE_HOST", "10.43.0.9")
                .containsEntry("MY_DB_SERVICE_PORT", "5432")
                .containsEntry("MY_DB_SERVICE_PORT_STATS", "9100")
                .containsEntry("MY_DB_PORT", "tcp://10.43.0.9:5432")
                .containsEntry("MY_DB_PORT_9100_UDP", "udp://10.43.0.9:9100")
                .containsEntry("MY_DB_PORT_9100_UDP_ADDR", "10.43.0.9");
        Map<String, String> none = new LinkedHashMap<>();
        Environment.add(
                service.toBuilder()
                        .spec(spec -> spec.clusterIP("None").addPorts(port -> port.port(1)))
                        .build(),
                none);
        assertThat(none).isEmpty();
    }

    @Test
    void fieldsOfThePodAreRead() throws Exception {
        Pod pod = Pod.builder()
                .metadata(meta ->
                        meta.name("p").namespace("n").putLabels("a", "1").putAnnotations("b/c", "x\"y"))
                .spec(spec -> spec.serviceAccountName("sa"))
                .build();
        Environment.Where where =
                new Environment.Where("node", "192.0.2.1", List.of("192.0.2.1", "2001:db8::1"), List.of("10.42.0.9"));
        assertThat(Environment.field(pod, "metadata.labels['a']", where)).isEqualTo("1");
        assertThat(Environment.field(pod, "metadata.annotations", where)).isEqualTo("b/c=\"x\\\"y\"");
        assertThat(Environment.field(pod, "status.hostIPs", where)).isEqualTo("192.0.2.1,2001:db8::1");
        assertThat(Environment.field(pod, "status.podIP", where)).isEqualTo("10.42.0.9");
        for (String bad : List.of("", "spec.absent", "metadata.labels['", "status['x']")) {
            assertThatThrownBy(() -> Environment.field(pod, bad, where)).as(bad).isInstanceOf(SyncException.class);
        }
    }

    @Test
    void resolvConfFollowsThePolicy() throws Exception {
        Path host = folder.resolve("resolv.conf");
        Files.writeString(
                host, "# c\nnameserver 192.0.2.53\nnameserver 192.0.2.54\nsearch example.test\noptions edns0\n");
        PodDns dns = new PodDns(List.of("10.43.0.10"), "cluster.local", host);
        Pod pod = Pods.pod(spec -> spec.dnsPolicy("ClusterFirst"));
        assertThat(dns.of(pod))
                .isEqualTo(new SandboxSpec.Dns(
                        List.of("10.43.0.10"),
                        List.of("ns.svc.cluster.local", "svc.cluster.local", "cluster.local", "example.test"),
                        List.of("ndots:5")));
        assertThat(dns.of(Pods.pod(spec -> spec.dnsPolicy("ClusterFirst").hostNetwork(true)))
                        .servers())
                .containsExactly("192.0.2.53", "192.0.2.54");
        assertThat(dns.of(Pods.pod(spec -> spec.dnsPolicy("None")
                        .dnsConfig(config -> config.addNameservers("1.1.1.1")
                                .addSearches("x.test")
                                .addOptions(option -> option.name("ndots").value("2"))))))
                .isEqualTo(new SandboxSpec.Dns(List.of("1.1.1.1"), List.of("x.test"), List.of("ndots:2")));
    }

    @Property
    void anyResolvConfIsReadWithoutFailing(@ForAll String text) {
        assertThat(PodDns.parse(text)).isNotNull();
        assertThat(Messages.log(text)).isNotNull();
    }

    @Test
    void securityContextsOfContainersCountBeforeTheirPods() throws Exception {
        SecurityMapping mapping = new SecurityMapping(Path.of("/seccomp"), false);
        Pod pod = Pods.pod(spec -> spec.securityContext(context -> context.runAsUser(1L)
                        .runAsNonRoot(true)
                        .fsGroup(7L)
                        .seccompProfile(profile -> profile.type("RuntimeDefault")))
                .addContainers(one -> one.name("a")
                        .securityContext(context -> context.runAsUser(2L)
                                .allowPrivilegeEscalation(false)
                                .capabilities(capabilities -> capabilities.addDrop("ALL"))))
                .addContainers(one -> one.name("b").securityContext(context -> context.privileged(true)))
                .addContainers(one -> one.name("c").securityContext(context -> context.runAsUser(0L))));
        Security own = mapping.container(pod, pod.spec().containers().getFirst(), null);
        assertThat(own.runAsUser()).isEqualTo(2);
        assertThat(own.noNewPrivileges()).isTrue();
        assertThat(own.supplementalGroups()).containsExactly(7L);
        assertThat(own.maskedPaths()).contains("/proc/kcore");
        assertThat(own.seccomp()).isNotNull();
        Security privileged = mapping.container(pod, pod.spec().containers().get(1), null);
        assertThat(privileged.runAsUser()).isEqualTo(1);
        assertThat(privileged.maskedPaths()).isEmpty();
        assertThatThrownBy(() -> mapping.container(pod, pod.spec().containers().get(2), null))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.reason()).isEqualTo(SyncException.CONFIG));
        Pod nonRoot = Pods.pod(spec ->
                spec.addContainers(one -> one.name("a").securityContext(context -> context.runAsNonRoot(true))));
        ContainerImage named = new ContainerImage("i", List.of(), List.of(), 1, null, "app", false);
        assertThatThrownBy(() ->
                        mapping.container(nonRoot, nonRoot.spec().containers().getFirst(), named))
                .hasMessageContaining("non-numeric user (app)");
    }

    @Test
    void aSubPathNeverLeavesItsVolume() throws Exception {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(volume.resolve("link"), outside);
        Files.createSymbolicLink(volume.resolve("inner"), volume);
        assertThat(ContainerSpecs.subPath(volume, "a/b"))
                .isEqualTo(volume.toRealPath().resolve("a/b"));
        assertThat(ContainerSpecs.subPath(volume, "inner/a"))
                .isEqualTo(volume.toRealPath().resolve("a"));
        for (String bad : List.of("../outside", "a/../../outside", "/etc", "link", "link/new", "inner/link")) {
            assertThatThrownBy(() -> ContainerSpecs.subPath(volume, bad))
                    .as(bad)
                    .isInstanceOf(SyncException.class);
        }
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void theEndOfALogIsTheMessageOfAContainerThatFailed() {
        assertThat(Messages.log(
                        "ut F cut\n2026-01-01T00:00:00Z stdout F one\n2026-01-01T00:00:00Z stderr F two words\n"))
                .isEqualTo("one\ntwo words\n");
    }

    @Test
    void pullSecretsAreTakenByTheirRegistry() throws Exception {
        var entries = new ObjectMapper()
                .readTree("{\"https://index.docker.io/v1/\":{\"username\":\"d\"},\"r.test:5000\":{\"auth\":\"eDp5\"},"
                        + "\"r.test:5000/team\":{\"username\":\"t\"}}");
        assertThat(Images.matching(entries, "busybox")).hasSize(1);
        assertThat(Images.matching(entries, "r.test:5000/team/app:1")).hasSize(2);
        assertThat(Images.matching(entries, "other.test/app")).isEmpty();
        assertThat(Images.registry("localhost/a")).isEqualTo("localhost");
        assertThat(Images.registry("library/a")).isEqualTo("docker.io");
    }

    @Test
    void probesCountInARowAgainstTheirThresholds() {
        Prober.Counter counter = new Prober.Counter(2, 3);
        assertThat(List.of(
                        counter.count(true),
                        counter.count(true),
                        counter.count(false),
                        counter.count(false),
                        counter.count(true),
                        counter.count(false),
                        counter.count(false),
                        counter.count(false)))
                .containsExactly(
                        ProbeResults.Result.UNKNOWN, ProbeResults.Result.SUCCESS,
                        ProbeResults.Result.UNKNOWN, ProbeResults.Result.UNKNOWN,
                        ProbeResults.Result.UNKNOWN, ProbeResults.Result.UNKNOWN,
                        ProbeResults.Result.UNKNOWN, ProbeResults.Result.FAILURE);
    }
}
