package dev.kite.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --kube-proxy-arg changes. */
class ProxyRulesTest {
    private static final ServicePort PORT = new ServicePort(
            "default",
            "web",
            "http",
            "tcp",
            "10.43.0.20",
            80,
            30080,
            List.of(),
            0,
            List.of(new ServicePort.Endpoint("10.42.0.5", 8080)),
            List.of(new ServicePort.Endpoint("10.42.0.5", 8080)),
            false);

    private static ComponentArguments given(String... arguments) {
        return ComponentArguments.of(UpstreamComponent.PROXY, arguments);
    }

    private static String written(String... arguments) {
        ProxyRules rules = ProxyRules.of(given(arguments));
        Ruleset set = ServiceChains.write(Family.IPV4, List.of("10.42.0.0/16"), rules, List.of(PORT));
        return String.valueOf(Transaction.between(Family.IPV4, rules, null, set));
    }

    @Test
    void nodePortsAreAnsweredAtTheAddressesThatAreNamed() {
        assertThat(written()).doesNotContain("192.0.2.0");
        assertThat(written("nodeport-addresses=192.0.2.0/24,2001:db8::/32,127.0.0.0/8"))
                .contains("{\"addr\":\"192.0.2.0\",\"len\":24}")
                .doesNotContain("2001:db8");
    }

    @Test
    void everythingIsMasqueradedWhereThatIsAskedFor() {
        String podsKeepTheirs = "{\"op\":\"!=\",\"left\":{\"payload\":{\"protocol\":\"ip\",\"field\":\"saddr\"}}";
        assertThat(written()).contains(podsKeepTheirs).contains("10.42.0.0");
        assertThat(written("masquerade-all")).doesNotContain("\"addr\":\"10.42.0.0\"");
    }

    @Test
    void theKernelFollowsConnectionsAsAskedFor(@TempDir Path sys) throws Exception {
        assertThat(ProxyRules.conntrack(given(), 4)).isEmpty();
        Map<String, String> settings = ProxyRules.conntrack(
                given(
                        "conntrack-max-per-core=1000",
                        "conntrack-min=2000",
                        "conntrack-tcp-timeout-established=1h",
                        "conntrack-tcp-timeout-close-wait=90s",
                        "conntrack-udp-timeout=30s",
                        "conntrack-udp-timeout-stream=0s",
                        "conntrack-tcp-be-liberal"),
                4);
        String name = "net/netfilter/nf_conntrack_";
        assertThat(settings)
                .containsExactly(
                        Map.entry(name + "max", "4000"),
                        Map.entry(name + "tcp_timeout_established", "3600"),
                        Map.entry(name + "tcp_timeout_close_wait", "90"),
                        Map.entry(name + "udp_timeout", "30"),
                        Map.entry(name + "tcp_be_liberal", "1"));
        assertThat(ProxyRules.conntrack(given("conntrack-min=9000", "conntrack-max-per-core=1"), 4))
                .containsEntry(name + "max", "9000");
        assertThat(ProxyRules.conntrack(given("conntrack-max-per-core=0", "conntrack-min=9000"), 4))
                .isEmpty();
        Path file = sys.resolve(name + "max");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "1");
        ProxyComponent.tune(sys, settings);
        assertThat(file).hasContent("4000");
        assertThat(sys.resolve(name + "udp_timeout")).doesNotExist();
    }
}
