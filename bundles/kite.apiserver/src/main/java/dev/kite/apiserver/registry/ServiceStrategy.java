package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Services: they get addresses and node ports, and keep them through updates that don't name them. */
public final class ServiceStrategy extends Strategies.Traits {
    private final ServicePools pools;

    /**
     * The strategy.
     *
     * @param pools the cluster's addresses and ports
     */
    public ServiceStrategy(ServicePools pools) {
        super("services", false);
        this.pools = pools;
    }

    @Override
    public void prepareForUpdate(Intent intent, ObjectNode object, ObjectNode old) {
        ObjectNode spec = object.withObject("/spec");
        ObjectNode before = old.withObject("/spec");
        keepAddresses(spec, before);
        if (wantsNodePorts(spec) && wantsNodePorts(before)) {
            keepNodePorts(spec, before);
        }
        if (Tree.number(spec, "healthCheckNodePort") == 0 && wantsHealthPort(spec) && wantsHealthPort(before)) {
            Metadata.copy("healthCheckNodePort", before, spec);
        }
        dropUnwanted(spec, before);
    }

    private static void keepAddresses(ObjectNode spec, ObjectNode before) {
        if (isExternalName(spec)) {
            if (!isExternalName(before)) {
                // What was given goes with the type; what the user wrote himself is validated.
                if (Tree.text(spec, "clusterIP").equals(Tree.text(before, "clusterIP"))) {
                    spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
                }
            }
            return;
        }
        if (isExternalName(before)) {
            return;
        }
        boolean single = !Tree.text(spec, "clusterIP").isEmpty();
        boolean many = !Tree.at(spec, "clusterIPs").isEmpty();
        if (!single && !many) {
            Metadata.copy("clusterIP", before, spec);
            Metadata.copy("clusterIPs", before, spec);
        } else if (single && !many) {
            spec.putArray("clusterIPs").add(Tree.text(spec, "clusterIP"));
            if (Tree.text(spec, "clusterIP").equals(Tree.text(before, "clusterIP"))) {
                Metadata.copy("clusterIPs", before, spec);
            }
        } else if (!single) {
            spec.put("clusterIP", Tree.texts(spec, "clusterIPs").getFirst());
        }
        for (String field : List.of("ipFamilyPolicy", "ipFamilies")) {
            if (!Tree.has(spec, field)) {
                Metadata.copy(field, before, spec);
            }
        }
    }

    private static void keepNodePorts(ObjectNode spec, ObjectNode before) {
        List<ObjectNode> old = Tree.objects(before, "ports");
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            if (Tree.number(port, "nodePort") != 0) {
                continue;
            }
            for (ObjectNode candidate : old) {
                boolean same = Tree.number(candidate, "port") == Tree.number(port, "port")
                        && Tree.text(candidate, "protocol").equals(Tree.text(port, "protocol"));
                if (same && Tree.number(candidate, "nodePort") != 0) {
                    port.set("nodePort", candidate.get("nodePort"));
                }
            }
        }
    }

    /** Takes away what belonged to the type that the Service had. */
    private static void dropUnwanted(ObjectNode spec, ObjectNode before) {
        boolean typeChanged = !Tree.text(spec, "type").equals(Tree.text(before, "type"));
        if (typeChanged && !mayHaveNodePorts(spec)) {
            for (ObjectNode port : Tree.objects(spec, "ports")) {
                port.remove("nodePort");
            }
        }
        if (!wantsHealthPort(spec)) {
            spec.remove("healthCheckNodePort");
        }
        if (typeChanged && !Tree.text(spec, "type").equals("LoadBalancer")) {
            spec.remove(List.of("allocateLoadBalancerNodePorts", "loadBalancerClass"));
        }
        boolean external =
                mayHaveNodePorts(spec) || !Tree.at(spec, "externalIPs").isEmpty();
        if (!external) {
            spec.remove("externalTrafficPolicy");
        }
    }

    @Override
    public Claim allocate(Intent intent, ObjectNode object, @Nullable ObjectNode old) {
        ObjectNode spec = object.withObject("/spec");
        ObjectNode before = old == null ? null : old.withObject("/spec");
        ServiceClaim claim = new ServiceClaim(pools, Tree.text(object, "metadata", "name"));
        try {
            if (!isExternalName(spec)) {
                claim.addresses(spec, before);
            }
            if (mayHaveNodePorts(spec)) {
                claim.ports(spec, before, wantsNodePorts(spec));
            }
            if (wantsHealthPort(spec)) {
                claim.healthPort(spec, before);
            }
            return claim;
        } catch (RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    static boolean isExternalName(ObjectNode spec) {
        return Tree.text(spec, "type").equals("ExternalName");
    }

    private static boolean mayHaveNodePorts(ObjectNode spec) {
        String type = Tree.text(spec, "type");
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    private static boolean wantsNodePorts(ObjectNode spec) {
        return Tree.text(spec, "type").equals("NodePort")
                || (Tree.text(spec, "type").equals("LoadBalancer")
                        && (!Tree.has(spec, "allocateLoadBalancerNodePorts")
                                || Tree.flag(spec, "allocateLoadBalancerNodePorts")));
    }

    private static boolean wantsHealthPort(ObjectNode spec) {
        return Tree.text(spec, "type").equals("LoadBalancer")
                && Tree.text(spec, "externalTrafficPolicy").equals("Local");
    }

    /** Makes a list of strings a field's value. */
    static void set(ObjectNode spec, String field, List<String> values) {
        ArrayNode array = spec.putArray(field);
        values.forEach(array::add);
    }
}
