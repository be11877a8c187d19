package dev.kite.security.pki;

import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names and addresses by which clients call a server and its node. */
final class ServerNames {
    /** Interfaces whose addresses are not the node's: those of pods, Services and container engines. */
    private static final List<String> NOT_THE_NODES =
            List.of("cni", "flannel", "veth", "kube-", "docker", "br-", "virbr", "cali", "cilium", "nodelocaldns");

    private ServerNames() {}

    /** What serving-kube-apiserver names. */
    static List<String> server(ServerSettings server, AgentSettings agent) {
        Set<String> names = new LinkedHashSet<>();
        names.add("kubernetes");
        names.add("kubernetes.default");
        names.add("kubernetes.default.svc");
        names.add("kubernetes.default.svc." + server.cluster_domain());
        names.add("localhost");
        names.add("127.0.0.1");
        names.add("::1");
        for (String cidr : server.service_cidr()) {
            names.add(firstAddress(cidr));
        }
        if (!server.advertise_address().isEmpty()) {
            names.add(server.advertise_address());
        }
        names.addAll(node(agent));
        Collections.addAll(names, server.tls_san());
        return List.copyOf(names);
    }

    /** What serving-kubelet names. */
    static List<String> node(AgentSettings agent) {
        Set<String> names = new LinkedHashSet<>();
        names.add(nodeName(agent));
        names.add("127.0.0.1");
        if (agent.node_ip().length == 0) {
            names.addAll(interfaceAddresses());
        }
        Collections.addAll(names, agent.node_ip());
        Collections.addAll(names, agent.node_external_ip());
        return List.copyOf(names);
    }

    static String nodeName(AgentSettings agent) {
        if (!agent.node_name().isEmpty()) {
            return agent.node_name().toLowerCase(Locale.ROOT);
        }
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            // The host's name is in the message's start where /etc/hosts does not list it.
            String message = e.getMessage();
            return message == null ? "localhost" : message.split(":", 2)[0].toLowerCase(Locale.ROOT);
        }
    }

    /** The first usable address of a network: that of the Service kubernetes. */
    static String firstAddress(String cidr) {
        int slash = cidr.indexOf('/');
        InetAddress network = AlternativeNames.address(slash < 0 ? cidr : cidr.substring(0, slash));
        if (network == null) {
            throw new IllegalArgumentException("'" + cidr + "' is not a network such as 10.43.0.0/16");
        }
        byte[] bytes = network.getAddress();
        byte[] next = new BigInteger(1, bytes).add(BigInteger.ONE).toByteArray();
        byte[] address = new byte[bytes.length];
        for (int i = 1; i <= Math.min(address.length, next.length); i++) {
            address[address.length - i] = next[next.length - i];
        }
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<String> interfaceAddresses() {
        List<String> addresses = new ArrayList<>();
        try {
            for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                String name = link.getName();
                if (link.isLoopback() || !link.isUp() || NOT_THE_NODES.stream().anyMatch(name::startsWith)) {
                    continue;
                }
                for (InetAddress address : Collections.list(link.getInetAddresses())) {
                    if (!address.isLinkLocalAddress()) {
                        addresses.add(withoutZone(address));
                    }
                }
            }
        } catch (SocketException e) {
            throw new IllegalStateException("cannot list network interfaces", e);
        }
        return addresses;
    }

    private static String withoutZone(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
