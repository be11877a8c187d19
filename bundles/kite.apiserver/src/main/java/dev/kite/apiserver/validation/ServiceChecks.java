package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Services, endpoints and endpoint slices. Stateless. */
final class ServiceChecks {
    private static final int SLICE_MAX = 1000;
    private static final int PORTS_MAX = 20_000;

    private ServiceChecks() {}

    static void service(At service) {
        At spec = service.field("spec");
        String type = spec.field("type").text();
        boolean external = type.equals("ExternalName");
        boolean headless = spec.field("clusterIP").text().equals("None");
        At ports = spec.field("ports");
        if (ports.empty() && !headless && !external) {
            ports.required("");
        }
        spec.field("type").neededOneOf("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        if (type.equals("LoadBalancer") && headless) {
            spec.field("clusterIP").invalid("may not be set to 'None' for LoadBalancer services");
        }
        if (type.equals("NodePort") && headless) {
            spec.field("clusterIP").invalid("may not be set to 'None' for NodePort services");
        }
        if (external) {
            externalName(spec);
        }
        ports(ports, type, headless);
        MetaChecks.labels(spec.field("selector"));
        affinity(spec);
        addresses(spec);
        policies(spec, type);
    }

    private static void externalName(At spec) {
        for (String field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
            if (!spec.field(field).empty()) {
                spec.field(field).forbidden("may not be set for ExternalName services");
            }
        }
        At name = spec.field("externalName");
        String bare =
                name.text().endsWith(".") ? name.text().substring(0, name.text().length() - 1) : name.text();
        if (bare.isEmpty()) {
            name.required("");
        } else {
            Names.dnsSubdomain(bare).forEach(name::invalid);
        }
    }

    private static void ports(At ports, String type, boolean headless) {
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        Set<String> nodePorts = new HashSet<>();
        boolean several = ports.node().size() > 1;
        for (At port : ports.items()) {
            At name = port.field("name");
            if (name.empty()) {
                if (several) {
                    name.required("");
                }
            } else {
                name.each(Names::dnsLabel);
                if (!names.add(name.text())) {
                    name.duplicate();
                }
            }
            port.field("port").port();
            port.field("protocol").neededOneOf("SCTP", "TCP", "UDP");
            At target = port.field("targetPort");
            if (target.present()) {
                ProbeChecks.port(target);
            }
            At appProtocol = port.field("appProtocol");
            if (!appProtocol.empty()) {
                appProtocol.each(Names::qualifiedName);
            }
            String protocol = port.field("protocol").text();
            if (!numbers.add(protocol + port.field("port").number())) {
                port.duplicate(port.field("port").number() + "/" + protocol);
            }
            nodePort(port.field("nodePort"), type, protocol, nodePorts);
            if (headless && type.equals("NodePort") && port.field("nodePort").number() != 0) {
                port.field("nodePort").forbidden("may not be used when `clusterIP` is 'None'");
            }
        }
    }

    private static void nodePort(At nodePort, String type, String protocol, Set<String> seen) {
        if (nodePort.number() == 0) {
            return;
        }
        if (type.equals("ClusterIP") || type.equals("ExternalName")) {
            nodePort.forbidden("may not be used when `type` is '" + type + "'");
        } else if (!seen.add(protocol + nodePort.number())) {
            nodePort.duplicate();
        }
    }

    private static void affinity(At spec) {
        At affinity = spec.field("sessionAffinity");
        affinity.neededOneOf("ClientIP", "None");
        At config = spec.field("sessionAffinityConfig");
        if (affinity.text().equals("ClientIP")) {
            At seconds = config.field("clientIP", "timeoutSeconds");
            if (seconds.absent()) {
                seconds.required("when session affinity type is ClientIP");
            } else if (seconds.number() <= 0 || seconds.number() > 86_400) {
                seconds.invalid("must be greater than 0 and less than 86400");
            }
        } else if (config.present()) {
            config.forbidden("must not be set when session affinity is None");
        }
    }

    private static void addresses(At spec) {
        At ip = spec.field("clusterIP");
        if (!ip.empty() && !ip.text().equals("None") && !PodChecks.isAddress(ip.text())) {
            ip.invalid("must be empty, 'None', or a valid IP address");
        }
        At all = spec.field("clusterIPs");
        for (At one : all.items()) {
            if (!one.text().equals("None") && !PodChecks.isAddress(one.text())) {
                one.invalid("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
        if (!all.items().isEmpty()
                && !ip.empty()
                && !all.items().getFirst().text().equals(ip.text())) {
            all.invalid("first value must match `clusterIP`");
        }
        for (At one : spec.field("externalIPs").items()) {
            PodChecks.address(one);
        }
        for (At range : spec.field("loadBalancerSourceRanges").items()) {
            cidr(range);
        }
        for (At family : spec.field("ipFamilies").items()) {
            family.oneOf("IPv4", "IPv6");
        }
        spec.field("ipFamilyPolicy").oneOf("PreferDualStack", "RequireDualStack", "SingleStack");
    }

    static void cidr(At range) {
        String[] parts = range.text().strip().split("/", -1);
        boolean fits = parts.length == 2 && PodChecks.isAddress(parts[0]) && parts[1].matches("\\d{1,3}");
        int max = fits && parts[0].contains(":") ? 128 : 32;
        if (!fits || Integer.parseInt(parts[1]) > max) {
            range.invalid("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
    }

    private static void policies(At spec, String type) {
        At outside = spec.field("externalTrafficPolicy");
        boolean reachable = type.equals("LoadBalancer")
                || type.equals("NodePort")
                || (type.equals("ClusterIP") && !spec.field("externalIPs").empty());
        if (!outside.empty() && !reachable) {
            outside.invalid("may only be set for externally-accessible services");
        }
        outside.oneOf("Cluster", "Local");
        At health = spec.field("healthCheckNodePort");
        if (health.number() != 0
                && !(type.equals("LoadBalancer") && outside.text().equals("Local"))) {
            health.invalid("may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
        spec.field("internalTrafficPolicy").oneOf("Cluster", "Local");
        spec.field("trafficDistribution").oneOf("PreferClose", "PreferSameNode", "PreferSameZone");
        if (!type.equals("LoadBalancer")) {
            if (spec.field("allocateLoadBalancerNodePorts").present()) {
                spec.field("allocateLoadBalancerNodePorts").forbidden("may only be used when `type` is 'LoadBalancer'");
            }
            if (!spec.field("loadBalancerSourceRanges").empty()) {
                spec.field("loadBalancerSourceRanges").forbidden("may only be used when `type` is 'LoadBalancer'");
            }
            if (!spec.field("loadBalancerClass").empty()) {
                spec.field("loadBalancerClass").forbidden("may only be used when `type` is 'LoadBalancer'");
            }
        }
    }

    static void serviceUpdate(At service, At old) {
        At spec = service.field("spec");
        At before = old.field("spec");
        ServiceFamilyChecks.update(spec, before);
        boolean balanced = spec.field("type").text().equals("LoadBalancer")
                && before.field("type").text().equals("LoadBalancer");
        if (balanced && !spec.field("loadBalancerClass").same(before.field("loadBalancerClass"))) {
            spec.field("loadBalancerClass").invalid("may not change once set");
        }
        boolean local = balanced
                && spec.field("externalTrafficPolicy").text().equals("Local")
                && before.field("externalTrafficPolicy").text().equals("Local");
        if (local && !spec.field("healthCheckNodePort").same(before.field("healthCheckNodePort"))) {
            spec.field("healthCheckNodePort").forbidden("field is immutable");
        }
    }

    static void endpoints(At endpoints) {
        for (At subset : endpoints.field("subsets").items()) {
            if (subset.field("addresses").empty()
                    && subset.field("notReadyAddresses").empty()) {
                subset.required("must specify `addresses` or `notReadyAddresses`");
            }
            for (String list : List.of("addresses", "notReadyAddresses")) {
                subset.field(list).items().forEach(one -> endpoint(one.field("ip")));
            }
            boolean several = subset.field("ports").node().size() > 1;
            for (At port : subset.field("ports").items()) {
                if (several) {
                    port.field("name").needed();
                }
                port.field("port").port();
                port.field("protocol").neededOneOf("SCTP", "TCP", "UDP");
            }
        }
    }

    /** An address that pods can have: not this machine's own, not everybody's. */
    private static void endpoint(At ip) {
        PodChecks.address(ip);
        String text = ip.text();
        if (text.startsWith("127.") || text.equals("::1")) {
            ip.invalid("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        } else if (text.equals("0.0.0.0") || text.equals("::")) {
            ip.invalid("may not be unspecified (0.0.0.0 or ::)");
        } else if (text.startsWith("169.254.")) {
            ip.invalid("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
    }

    static void endpointSlice(At slice) {
        At type = slice.field("addressType");
        type.neededOneOf("FQDN", "IPv4", "IPv6");
        At endpoints = slice.field("endpoints");
        if (endpoints.node().size() > SLICE_MAX) {
            endpoints.tooMany(SLICE_MAX);
            return;
        }
        for (At endpoint : endpoints.items()) {
            At addresses = endpoint.field("addresses");
            if (addresses.empty()) {
                addresses.required("must contain at least 1 address");
            }
            for (At address : addresses.items()) {
                switch (type.text()) {
                    case "IPv4" -> {
                        if (address.text().contains(":")) {
                            address.invalid("must be an IPv4 address");
                        } else {
                            endpoint(address);
                        }
                    }
                    case "IPv6" -> {
                        if (!address.text().contains(":")) {
                            address.invalid("must be an IPv6 address");
                        } else {
                            endpoint(address);
                        }
                    }
                    default -> address.each(Names::dnsSubdomain);
                }
            }
        }
        slicePorts(slice.field("ports"));
    }

    private static void slicePorts(At ports) {
        if (ports.node().size() > PORTS_MAX) {
            ports.tooMany(PORTS_MAX);
            return;
        }
        Set<String> names = new HashSet<>();
        for (At port : ports.items()) {
            At name = port.field("name");
            if (!name.empty()) {
                name.each(Names::dnsLabel);
            }
            if (!names.add(name.text())) {
                name.duplicate();
            }
            port.field("protocol").neededOneOf("SCTP", "TCP", "UDP");
            if (port.field("port").present()) {
                port.field("port").port();
            }
        }
    }

    static void endpointSliceUpdate(At slice, At old) {
        slice.field("addressType").immutable(old.field("addressType"));
    }
}
