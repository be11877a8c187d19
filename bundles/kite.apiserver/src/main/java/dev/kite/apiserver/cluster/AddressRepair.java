package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ServicePools;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.AddressTexts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes IPAddresses say what Services have, where a crash, an operator or an older server left them saying otherwise; Services are what counts. Kubernetes' events tell
 * of it. Stateless but for its events; thread-safe.
 */
final class AddressRepair {
    private static final String CONTROLLER = "ipallocator-repair-controller";
    private static final Writes.Kind SERVICES = new Writes.Kind("", "services");

    /** An IPAddress is written before its Service: so long it may be alone (the longest that a request takes). */
    private static final Duration ALONE = Duration.ofSeconds(60);

    /** An IPAddress younger than its Service may belong to a write that is being undone. */
    private static final Duration UNDOING = Duration.ofSeconds(5);

    private final Writes writes;
    private final ServicePools pools;
    private final IpAddresses records;
    private final Events events;

    AddressRepair(Writes writes, ServicePools pools, IpAddresses records, Events events) {
        this.writes = writes;
        this.pools = pools;
        this.records = records;
        this.events = events;
    }

    /** Looks at a Service's addresses. */
    void service(String namespace, String name) {
        ObjectNode service = writes.find(SERVICES, namespace, name);
        if (service == null || Tree.text(service, "spec", "type").equals("ExternalName")) {
            return;
        }
        for (String address : Tree.texts(service, "spec", "clusterIPs")) {
            if (!address.isEmpty() && !address.equals("None")) {
                address(service, namespace, name, address);
            }
        }
    }

    private void address(ObjectNode service, String namespace, String name, String text) {
        String address = AddressTexts.address(text);
        String known = "[" + IpAddresses.family(address) + "]: " + address;
        if (AddressTexts.parse(text) == null) {
            warn(
                    service,
                    "ClusterIPNotValid",
                    "ClusterIPValidation",
                    "Cluster IP " + text + " is not a valid IP; please recreate Service");
            return;
        }
        if (!pools.covers(address)) {
            warn(
                    service,
                    "ClusterIPOutOfRange",
                    "ClusterIPAllocation",
                    "Cluster IP " + known + " is not within any configured Service CIDR; please recreate service");
            return;
        }
        ObjectNode record = writes.find(IpAddresses.KIND, "", address);
        if (record == null) {
            warn(
                    service,
                    "ClusterIPNotAllocated",
                    "ClusterIPAllocation",
                    "Cluster IP " + known + " is not allocated; repairing");
            records.create(address, namespace, name);
            return;
        }
        if (IpAddresses.isOf(record, namespace, name)) {
            if (!IpAddresses.isLabelled(record)) {
                anew(record, namespace, name);
            }
            return;
        }
        if (has(record, address)) {
            warn(
                    service,
                    "ClusterIPAlreadyAllocated",
                    "ClusterIPAllocation",
                    "Cluster IP " + known.replace(" ", "")
                            + " was assigned to multiple services; please recreate service");
            return;
        }
        warn(
                service,
                "ClusterIPNotAllocated",
                "ClusterIPAllocation",
                "the ClusterIP " + known + " for Service " + namespace + "/" + name
                        + " has a wrong reference; repairing");
        anew(record, namespace, name);
    }

    /** Whether the Service that a record names really has the address. */
    private boolean has(ObjectNode record, String address) {
        ObjectNode other = parent(record);
        return other != null
                && Tree.texts(other, "spec", "clusterIPs").stream()
                        .anyMatch(one -> AddressTexts.address(one).equals(address));
    }

    private @Nullable ObjectNode parent(ObjectNode record) {
        if (!IpAddresses.isOfService(record)) {
            return null;
        }
        ObjectNode parent = Tree.object(record, "spec", "parentRef");
        return writes.find(SERVICES, Tree.text(parent, "namespace"), Tree.text(parent, "name"));
    }

    /** Whose an address is can't be changed: the record is made anew. */
    private void anew(ObjectNode record, String namespace, String name) {
        String address = Tree.text(record, "metadata", "name");
        writes.delete(IpAddresses.KIND, "", address, Tree.text(record, "metadata", "uid"));
        records.create(address, namespace, name);
    }

    /** Looks whether an IPAddress of the allocator's is some Service's; returns when to look again, zero for not. */
    Duration record(String address) {
        ObjectNode record = writes.find(IpAddresses.KIND, "", address);
        if (record == null || !IpAddresses.isManaged(record)) {
            return Duration.ZERO;
        }
        ObjectNode parent = Tree.object(record, "spec", "parentRef");
        String of = Tree.text(parent, "namespace") + "/" + Tree.text(parent, "name");
        Duration age = age(record);
        if (!IpAddresses.isOfService(record)) {
            remove(
                    record,
                    "IPAddressNotAllocated",
                    "IPAddress " + address + " for Service " + of + " has a wrong reference; cleaning up");
            return Duration.ZERO;
        }
        ObjectNode service = parent(record);
        if (service != null && has(record, address)) {
            return Duration.ZERO;
        }
        boolean coming = service == null || Tree.text(service, "spec", "type").equals("ExternalName");
        if (coming && age.compareTo(ALONE) <= 0) {
            return ALONE.minus(age).plusSeconds(1);
        }
        if (service == null) {
            remove(
                    record,
                    "IPAddressNotAllocated",
                    "IPAddress: " + address + " for Service " + of + " appears to have leaked: cleaning up");
            return Duration.ZERO;
        }
        if (age.compareTo(UNDOING) < 0 && age(service).compareTo(age) > 0) {
            return UNDOING;
        }
        remove(
                record,
                "IPAddressWrongReference",
                "IPAddress: " + address + " for Service " + of + " has a wrong reference; cleaning up");
        return Duration.ZERO;
    }

    private void remove(ObjectNode record, String reason, String note) {
        events.warn(
                record,
                "networking.k8s.io/v1",
                "IPAddress",
                new Events.Note(CONTROLLER, reason, "IPAddressAllocation", note));
        writes.delete(
                IpAddresses.KIND, "", Tree.text(record, "metadata", "name"), Tree.text(record, "metadata", "uid"));
    }

    private Duration age(ObjectNode object) {
        String created = Tree.text(object, "metadata", "creationTimestamp");
        return created.isEmpty() ? ALONE.plusSeconds(1) : Duration.between(Instant.parse(created), writes.now());
    }

    private void warn(ObjectNode service, String reason, String action, String note) {
        events.warn(service, "v1", "Service", new Events.Note(CONTROLLER, reason, action, note));
    }

    /** The Services, for those that look at all. */
    List<ObjectNode> services() {
        return writes.list(SERVICES, "");
    }
}
