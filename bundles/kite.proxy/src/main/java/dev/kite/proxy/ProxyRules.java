package dev.kite.proxy;

import dev.kite.api.arguments.ComponentArguments;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What --kube-proxy-arg says of the rules in the kernel.
 *
 * @param nodePortNetworks at which addresses of this node node ports are answered, empty for all
 * @param masqueradeAll whether all that goes to a Service is masqueraded
 */
record ProxyRules(List<String> nodePortNetworks, boolean masqueradeAll) {
    /** Without arguments. */
    static final ProxyRules NONE = new ProxyRules(List.of(), false);

    private static final String CONNTRACK = "net/netfilter/nf_conntrack_";

    static ProxyRules of(ComponentArguments given) {
        return new ProxyRules(given.list("nodeport-addresses"), given.flag("masquerade-all", false));
    }

    List<String> nodePorts(Family family) {
        return nodePortNetworks.stream().filter(family::owns).toList();
    }

    /**
     * The kernel's settings for connections, by their files below /proc/sys; only what was asked for.
     *
     * @param given the arguments
     * @param cpus how many CPUs there are
     * @return the values
     */
    static Map<String, String> conntrack(ComponentArguments given, int cpus) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (given.given("conntrack-max-per-core") || given.given("conntrack-min")) {
            long perCore = given.number("conntrack-max-per-core", 32_768);
            if (perCore > 0) {
                long most = Math.max(perCore * cpus, given.number("conntrack-min", 131_072));
                settings.put(CONNTRACK + "max", Long.toString(most));
            }
        }
        seconds(given, "conntrack-tcp-timeout-established", "tcp_timeout_established", settings);
        seconds(given, "conntrack-tcp-timeout-close-wait", "tcp_timeout_close_wait", settings);
        seconds(given, "conntrack-udp-timeout", "udp_timeout", settings);
        seconds(given, "conntrack-udp-timeout-stream", "udp_timeout_stream", settings);
        if (given.flag("conntrack-tcp-be-liberal", false)) {
            settings.put(CONNTRACK + "tcp_be_liberal", "1");
        }
        return settings;
    }

    /** Zero leaves the kernel's value, as upstream. */
    private static void seconds(ComponentArguments given, String argument, String file, Map<String, String> settings) {
        Duration time = given.duration(argument, Duration.ZERO);
        if (time.isPositive()) {
            settings.put(CONNTRACK + file, Long.toString(time.toSeconds()));
        }
    }
}
