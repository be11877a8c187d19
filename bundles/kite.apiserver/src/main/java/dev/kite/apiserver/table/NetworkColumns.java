package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Services, endpoints, ingresses, network policies, addresses. */
final class NetworkColumns {
    private static final int SHOWN = 3;

    private NetworkColumns() {}

    static final List<Column> SERVICE = List.of(
            Column.NAME,
            Column.text("Type", "how it is reached", r -> r.text("spec", "type")),
            Column.text("Cluster-IP", "its address in the cluster", NetworkColumns::clusterIp),
            Column.text("External-IP", "its addresses outside", NetworkColumns::externalIp),
            Column.text("Port(s)", "ports, node ports, protocols", NetworkColumns::ports),
            Column.AGE,
            Column.text("Selector", "which pods answer", r -> r.labels("spec", "selector"))
                    .wide());

    static final List<Column> ENDPOINTS = List.of(
            Column.NAME, Column.text("Endpoints", "addresses and ports", NetworkColumns::endpoints), Column.AGE);

    static final List<Column> ENDPOINT_SLICE = List.of(
            Column.NAME,
            Column.text("AddressType", "IPv4, IPv6 or FQDN", r -> r.text("addressType")),
            Column.text("Ports", "port numbers", NetworkColumns::slicePorts),
            Column.text("Endpoints", "addresses", NetworkColumns::sliceEndpoints),
            Column.AGE);

    static final List<Column> INGRESS = List.of(
            Column.NAME,
            Column.text("Class", "its ingress class", r -> r.or(Row.NONE, "spec", "ingressClassName")),
            Column.text("Hosts", "hosts of its rules", NetworkColumns::hosts),
            Column.text("Address", "where it is reached", NetworkColumns::balancer),
            Column.text("Ports", "80, and 443 with TLS", r -> r.size("spec", "tls") > 0 ? "80, 443" : "80"),
            Column.AGE);

    static final List<Column> INGRESS_CLASS = List.of(
            Column.NAME,
            Column.text("Controller", "who serves it", r -> r.text("spec", "controller")),
            Column.text("Parameters", "its parameters object", NetworkColumns::parameters),
            Column.AGE);

    static final List<Column> NETWORK_POLICY = List.of(
            Column.NAME,
            Column.text("Pod-Selector", "which pods it is for", r -> r.selector("spec", "podSelector")),
            Column.AGE);

    static final List<Column> IP_ADDRESS =
            List.of(Column.NAME, Column.text("ParentRef", "who has it", NetworkColumns::parent), Column.AGE);

    static final List<Column> SERVICE_CIDR =
            List.of(Column.NAME, Column.text("CIDRs", "its ranges", r -> r.joined("spec", "cidrs")), Column.AGE);

    private static String clusterIp(Row row) {
        List<String> all = row.texts("spec", "clusterIPs");
        return all.isEmpty() ? row.or(Row.NONE, "spec", "clusterIP") : all.getFirst();
    }

    private static String externalIp(Row row) {
        String external = row.joined("spec", "externalIPs");
        return switch (row.text("spec", "type")) {
            case "ClusterIP", "NodePort" -> external.isEmpty() ? Row.NONE : external;
            case "LoadBalancer" -> {
                String balancer = balancer(row);
                if (external.isEmpty()) {
                    yield balancer.isEmpty() ? "<pending>" : balancer;
                }
                yield balancer.isEmpty() ? external : balancer + "," + external;
            }
            case "ExternalName" -> row.text("spec", "externalName");
            default -> Row.UNKNOWN;
        };
    }

    private static String balancer(Row row) {
        TreeSet<String> found = new TreeSet<>();
        for (ObjectNode ingress : row.objects("status", "loadBalancer", "ingress")) {
            String ip = Tree.text(ingress, "ip");
            String address = ip.isEmpty() ? Tree.text(ingress, "hostname") : ip;
            if (!address.isEmpty()) {
                found.add(address);
            }
        }
        return String.join(",", found);
    }

    private static String ports(Row row) {
        List<String> found = new ArrayList<>();
        for (ObjectNode port : row.objects("spec", "ports")) {
            long node = Tree.number(port, "nodePort");
            found.add(Tree.number(port, "port") + (node > 0 ? ":" + node : "") + "/" + Tree.text(port, "protocol"));
        }
        return found.isEmpty() ? Row.NONE : String.join(",", found);
    }

    private static String endpoints(Row row) {
        List<ObjectNode> subsets = row.objects("subsets");
        if (subsets.isEmpty()) {
            return Row.NONE;
        }
        List<String> all = new ArrayList<>();
        for (ObjectNode subset : subsets) {
            List<ObjectNode> ports = Tree.objects(subset, "ports");
            List<ObjectNode> addresses = Tree.objects(subset, "addresses");
            if (ports.isEmpty()) {
                addresses.forEach(address -> all.add(Tree.text(address, "ip")));
            }
            for (ObjectNode port : ports) {
                addresses.forEach(address -> all.add(hostPort(Tree.text(address, "ip"), Tree.number(port, "port"))));
            }
        }
        return limited(all);
    }

    private static String hostPort(String host, long port) {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** The first few, and how many more. */
    private static String limited(List<String> all) {
        if (all.size() <= SHOWN) {
            return String.join(",", all);
        }
        return String.join(",", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more...";
    }

    private static String slicePorts(Row row) {
        List<String> all = new ArrayList<>();
        for (ObjectNode port : row.objects("ports")) {
            JsonNode number = port.path("port");
            String name = Tree.text(port, "name");
            all.add(number.isNumber() ? number.asText() : name.isEmpty() ? "*" : name);
        }
        return all.isEmpty() ? Row.UNSET : limited(all);
    }

    private static String sliceEndpoints(Row row) {
        List<String> all = new ArrayList<>();
        for (ObjectNode endpoint : row.objects("endpoints")) {
            all.addAll(Tree.texts(endpoint, "addresses"));
        }
        return all.isEmpty() ? Row.UNSET : limited(all);
    }

    private static String hosts(Row row) {
        List<ObjectNode> rules = row.objects("spec", "rules");
        List<String> shown = new ArrayList<>();
        boolean more = false;
        for (ObjectNode rule : rules) {
            String host = Tree.text(rule, "host");
            if (shown.size() == SHOWN) {
                more = true;
            } else if (!host.isEmpty()) {
                shown.add(host);
            }
        }
        if (shown.isEmpty()) {
            return "*";
        }
        String words = String.join(",", shown);
        return more ? words + " + " + (rules.size() - SHOWN) + " more..." : words;
    }

    private static String parameters(Row row) {
        if (!row.has("spec", "parameters")) {
            return Row.NONE;
        }
        String group = row.text("spec", "parameters", "apiGroup");
        return row.text("spec", "parameters", "kind") + (group.isEmpty() ? "" : "." + group) + "/"
                + row.text("spec", "parameters", "name");
    }

    private static String parent(Row row) {
        if (!row.has("spec", "parentRef")) {
            return Row.NONE;
        }
        String group = row.text("spec", "parentRef", "group");
        String namespace = row.text("spec", "parentRef", "namespace");
        String resource = row.text("spec", "parentRef", "resource") + (group.isEmpty() ? "" : "." + group);
        return resource.toLowerCase(Locale.ROOT) + (namespace.isEmpty() ? "" : "/" + namespace) + "/"
                + row.text("spec", "parentRef", "name");
    }
}
