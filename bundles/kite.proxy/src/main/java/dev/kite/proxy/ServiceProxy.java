package dev.kite.proxy;

import dev.kite.linux.Nftables;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings the kernel's tables to what Services want. Remembers what it wrote; after a failure it writes the whole anew. Used by one thread. */
final class ServiceProxy {
    private final String node;
    private final List<String> clusterCidrs;
    private final List<Family> families;
    private final ProxyRules rules;
    private final Nftables nftables;
    private final Map<Family, @Nullable Ruleset> written = new EnumMap<>(Family.class);

    ServiceProxy(String node, List<String> clusterCidrs, List<Family> families, ProxyRules rules, Nftables nftables) {
        this.node = node;
        this.clusterCidrs = List.copyOf(clusterCidrs);
        this.families = List.copyOf(families);
        this.rules = rules;
        this.nftables = nftables;
    }

    /** Returns whether anything changed. */
    boolean sync(Collection<Service> services, Collection<EndpointSlice> slices) throws IOException {
        boolean changed = false;
        for (Family family : families) {
            Ruleset wanted = ServiceChains.write(
                    family, clusterCidrs, rules, new ServiceTable(family, node).compute(services, slices));
            String transaction = Transaction.between(family, rules, written.get(family), wanted);
            if (transaction != null) {
                written.remove(family);
                nftables.apply(transaction);
                written.put(family, wanted);
                changed = true;
            }
        }
        return changed;
    }
}
