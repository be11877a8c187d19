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
    private final AddressRecords records;

    /**
     * The strategy.
     *
     * @param pools the cluster's addresses and ports
     * @param records whose they are
     */
    public ServiceStrategy(ServicePools pools, AddressRecords records) {
        super("services", false);
        this.pools = pools;
        this.records = records;
    }

    @Override
    public void prepareForUpdate(Intent intent, ObjectNode object, ObjectNode old) {
        ObjectNode spec = object.withObject("/spec");
        ObjectNode before = ServiceFamilies.complete(pools.families(), old.withObject("/spec"));
        ServiceUpdates.keep(spec, before);
        ServiceUpdates.drop(spec, before);
        if (!isBalanced(spec) && Tree.has(object, "status", "loadBalancer")) {
            object.withObject("/status").putObject("loadBalancer");
        }
    }

    @Override
    public Claim allocate(Intent intent, ObjectNode object, @Nullable ObjectNode old) {
        ObjectNode spec = object.withObject("/spec");
        ObjectNode before = old == null ? null : ServiceFamilies.complete(pools.families(), old.withObject("/spec"));
        if (before == null
                && !Tree.text(spec, "clusterIP").isEmpty()
                && Tree.at(spec, "clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(Tree.text(spec, "clusterIP"));
        }
        if (isExternalName(spec)) {
            spec.remove("internalTrafficPolicy");
        }
        ServiceFamilies.settle(pools.families(), object, before);
        ServiceClaim claim = new ServiceClaim(pools, records, object, intent.dryRun());
        try {
            if (!ServiceFamilies.untouched(spec, before)) {
                claim.addresses(spec, before);
            }
            if (mayHaveNodePorts(spec)) {
                if (before == null) {
                    claim.ports(spec, wantsNodePorts(spec));
                } else {
                    claim.ports(spec, before, wantsNodePorts(spec));
                }
            }
            if (wantsHealthPort(spec) && (before == null || !wantsHealthPort(before))) {
                claim.healthPort(spec);
            }
            return claim;
        } catch (RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    @Override
    public void deleted(ObjectNode last) {
        String namespace = Tree.text(last, "metadata", "namespace");
        String name = Tree.text(last, "metadata", "name");
        ServiceClaim.held(ServiceFamilies.complete(pools.families(), last.withObject("/spec")))
                .forEach(address -> records.delete(address, namespace, name));
    }

    static boolean isExternalName(ObjectNode spec) {
        return Tree.text(spec, "type").equals("ExternalName");
    }

    static boolean isBalanced(ObjectNode spec) {
        return Tree.text(spec, "type").equals("LoadBalancer");
    }

    static boolean mayHaveNodePorts(ObjectNode spec) {
        String type = Tree.text(spec, "type");
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    static boolean wantsNodePorts(ObjectNode spec) {
        return Tree.text(spec, "type").equals("NodePort")
                || (Tree.text(spec, "type").equals("LoadBalancer")
                        && (!Tree.has(spec, "allocateLoadBalancerNodePorts")
                                || Tree.flag(spec, "allocateLoadBalancerNodePorts")));
    }

    static boolean wantsHealthPort(ObjectNode spec) {
        return Tree.text(spec, "type").equals("LoadBalancer")
                && Tree.text(spec, "externalTrafficPolicy").equals("Local");
    }

    /** Makes a list of strings a field's value. */
    static void set(ObjectNode spec, String field, List<String> values) {
        ArrayNode array = spec.putArray(field);
        values.forEach(array::add);
    }
}
