package dev.kite.node.pod;

import dev.kite.cri.SandboxSpec;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodDNSConfig;
import dev.kite.model.core.v1.PodDNSConfigOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What stands in a pod's resolv.conf. Pure but for reading the node's own file.
 *
 * @param servers the cluster's name servers
 * @param domain the cluster's domain
 * @param hostFile the node's resolv.conf
 */
record PodDns(List<String> servers, String domain, Path hostFile) {
    /** The resolver's limits as the kubelet keeps them. */
    private static final int MOST_SERVERS = 3;

    private static final int MOST_SEARCHES = 32;

    SandboxSpec.Dns of(Pod pod) throws IOException {
        SandboxSpec.Dns dns = byPolicy(pod);
        return pod.spec().hasDnsConfig() ? merge(dns, pod.spec().dnsConfig()) : bounded(dns);
    }

    private SandboxSpec.Dns byPolicy(Pod pod) throws IOException {
        boolean host = pod.spec().hostNetwork();
        return switch (pod.spec().dnsPolicy()) {
            case "None" -> new SandboxSpec.Dns(List.of(), List.of(), List.of());
            case "Default" -> parse(hostFile());
            case "ClusterFirstWithHostNet" -> cluster(pod);
            default -> host || servers.isEmpty() ? parse(hostFile()) : cluster(pod);
        };
    }

    private SandboxSpec.Dns cluster(Pod pod) throws IOException {
        List<String> searches =
                new ArrayList<>(List.of(pod.metadata().namespace() + ".svc." + domain, "svc." + domain, domain));
        searches.addAll(parse(hostFile()).searches());
        return new SandboxSpec.Dns(servers, List.copyOf(new LinkedHashSet<>(searches)), List.of("ndots:5"));
    }

    private static SandboxSpec.Dns merge(SandboxSpec.Dns base, PodDNSConfig config) {
        LinkedHashSet<String> servers = new LinkedHashSet<>(base.servers());
        servers.addAll(config.nameservers());
        LinkedHashSet<String> searches = new LinkedHashSet<>(base.searches());
        searches.addAll(config.searches());
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : base.options()) {
            int colon = option.indexOf(':');
            options.put(colon < 0 ? option : option.substring(0, colon), colon < 0 ? "" : option.substring(colon + 1));
        }
        for (PodDNSConfigOption option : config.options()) {
            options.put(option.name(), option.value());
        }
        List<String> written = new ArrayList<>();
        options.forEach((name, value) -> written.add(value.isEmpty() ? name : name + ":" + value));
        return bounded(new SandboxSpec.Dns(List.copyOf(servers), List.copyOf(searches), written));
    }

    private static SandboxSpec.Dns bounded(SandboxSpec.Dns dns) {
        return new SandboxSpec.Dns(
                dns.servers().stream().limit(MOST_SERVERS).toList(),
                dns.searches().stream().limit(MOST_SEARCHES).toList(),
                dns.options());
    }

    static SandboxSpec.Dns parse(Path file) throws IOException {
        return parse(Files.exists(file) ? Files.readString(file) : "");
    }

    static SandboxSpec.Dns parse(String text) {
        List<String> servers = new ArrayList<>();
        List<String> searches = List.of();
        List<String> options = List.of();
        for (String line : text.split("\n")) {
            List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+")));
            String keyword = words.removeFirst();
            switch (keyword) {
                case "nameserver" -> words.stream().limit(1).forEach(servers::add);
                case "search", "domain" -> searches = words;
                case "options" -> options = words;
                default -> {} // comments and what other resolvers know
            }
        }
        return new SandboxSpec.Dns(servers, searches, options);
    }
}
