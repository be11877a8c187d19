package dev.kite.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.AddressPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What every cluster has from its first moment on, but for roles. Stateless. */
final class ClusterObjects {
    private ClusterObjects() {}

    /** An object and where it goes. */
    record Wanted(String group, String version, String plural, String namespace, ObjectNode object) {}

    static List<Wanted> namespaces() {
        List<Wanted> all = new ArrayList<>();
        for (String name : List.of("kube-system", "kube-public", "kube-node-lease", "default")) {
            all.add(new Wanted("", "v1", "namespaces", "", object("v1", "Namespace", "", name)));
        }
        return all;
    }

    static List<Wanted> others(ApiSettings settings) {
        List<Wanted> all = new ArrayList<>();
        all.add(priorityClass("system-node-critical", 2_000_001_000));
        all.add(priorityClass("system-cluster-critical", 2_000_000_000));
        all.add(serviceCidr(settings));
        return all;
    }

    static Wanted ownService(ApiSettings settings) {
        return new Wanted("", "v1", "services", "default", kubernetes(settings));
    }

    private static Wanted priorityClass(String name, int value) {
        ObjectNode object = object("scheduling.k8s.io/v1", "PriorityClass", "", name);
        object.put("value", value).put("preemptionPolicy", "PreemptLowerPriority");
        object.put(
                "description",
                "For pods that the cluster needs and that "
                        + (name.contains("node") ? "have to stay on their node." : "may move to another node."));
        return new Wanted("scheduling.k8s.io", "v1", "priorityclasses", "", object);
    }

    private static Wanted serviceCidr(ApiSettings settings) {
        ObjectNode object = object("networking.k8s.io/v1", "ServiceCIDR", "", "kubernetes");
        var cidrs = object.putObject("spec").putArray("cidrs");
        settings.serviceCidrs().forEach(cidrs::add);
        return new Wanted("networking.k8s.io", "v1", "servicecidrs", "", object);
    }

    private static ObjectNode kubernetes(ApiSettings settings) {
        ObjectNode service = object("v1", "Service", "default", "kubernetes");
        service.withObject("/metadata/labels").put("component", "apiserver").put("provider", "kubernetes");
        ObjectNode spec = service.putObject("spec");
        String address = new AddressPool(settings.serviceCidrs().getFirst()).first();
        spec.put("clusterIP", address).putArray("clusterIPs").add(address);
        spec.put("type", "ClusterIP").put("sessionAffinity", "None").put("internalTrafficPolicy", "Cluster");
        spec.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("protocol", "TCP")
                .put("port", 443)
                .put("targetPort", settings.advertisePort());
        return service;
    }

    /** The kubernetes Service has no selector: what it leads to is written by hand, once a server. */
    static ObjectNode endpoints(ApiSettings settings, List<String> addresses) {
        ObjectNode endpoints = object("v1", "Endpoints", "default", "kubernetes");
        endpoints.withObject("/metadata/labels").put("endpointslice.kubernetes.io/skip-mirror", "true");
        ObjectNode subset = endpoints.putArray("subsets").addObject();
        var list = subset.putArray("addresses");
        addresses.forEach(address -> list.addObject().put("ip", address));
        subset.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", settings.advertisePort())
                .put("protocol", "TCP");
        return endpoints;
    }

    static ObjectNode slice(ApiSettings settings, List<String> addresses) {
        ObjectNode slice = object("discovery.k8s.io/v1", "EndpointSlice", "default", "kubernetes");
        slice.withObject("/metadata/labels").put("kubernetes.io/service-name", "kubernetes");
        boolean v6 = addresses.stream().allMatch(address -> address.indexOf(':') >= 0);
        slice.put("addressType", v6 ? "IPv6" : "IPv4");
        var endpoints = slice.putArray("endpoints");
        for (String address : addresses) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(address);
            endpoint.putObject("conditions").put("ready", true);
        }
        slice.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("protocol", "TCP")
                .put("port", settings.advertisePort());
        return slice;
    }

    static ObjectNode authentication(Map<String, String> published) {
        ObjectNode map = object("v1", "ConfigMap", "kube-system", "extension-apiserver-authentication");
        ObjectNode data = map.putObject("data");
        new TreeMap<>(published).forEach(data::put);
        return map;
    }

    private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }
}
