package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.AddressRecords;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.tree.Tree;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose an address is, as IPAddress objects. Thread-safe. */
public final class IpAddresses implements AddressRecords {
    static final Writes.Kind KIND = new Writes.Kind("networking.k8s.io", "ipaddresses");

    private static final Logger LOG = LoggerFactory.getLogger(IpAddresses.class);
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String FAMILY = "ipaddress.kubernetes.io/ip-family";
    private static final String ALLOCATOR = "ipallocator.k8s.io";

    private volatile @Nullable Writes writes;

    /** Records that can't be written before {@link #use}. */
    public IpAddresses() {}

    /**
     * Says what writes them: that itself needs who asks for records.
     *
     * @param writer writes objects
     */
    public void use(Writes writer) {
        writes = writer;
    }

    private Writes writes() {
        Writes with = writes;
        if (with == null) {
            throw new IllegalStateException("addresses are recorded before the server is put together");
        }
        return with;
    }

    @Override
    public boolean create(String address, String namespace, String service) {
        return writes().create(KIND, "", object(address, namespace, service));
    }

    @Override
    public void delete(String address, String namespace, String service) {
        try {
            ObjectNode present = writes().find(KIND, "", address);
            if (present != null && isManaged(present) && isOf(present, namespace, service)) {
                writes().delete(KIND, "", address, Tree.text(present, "metadata", "uid"));
            }
        } catch (StatusException e) {
            LOG.warn("the IPAddress {} of the Service {}/{} stays: {}", address, namespace, service, e.getMessage());
        }
    }

    /** Whether an IPAddress is the allocator's own. */
    static boolean isManaged(ObjectNode record) {
        return Tree.text(record, "metadata", "labels", MANAGED_BY).equals(ALLOCATOR);
    }

    /** Whether an IPAddress says that a Service has it. */
    static boolean isOf(ObjectNode record, String namespace, String service) {
        ObjectNode parent = Tree.object(record, "spec", "parentRef");
        return isOfService(record)
                && Tree.text(parent, "namespace").equals(namespace)
                && Tree.text(parent, "name").equals(service);
    }

    /** Whether an IPAddress says that some Service has it. */
    static boolean isOfService(ObjectNode record) {
        ObjectNode parent = Tree.object(record, "spec", "parentRef");
        return Tree.text(parent, "group").isEmpty()
                && Tree.text(parent, "resource").equals("services");
    }

    /** Whether an IPAddress has the labels that the allocator gives. */
    static boolean isLabelled(ObjectNode record) {
        return isManaged(record)
                && Tree.text(record, "metadata", "labels", FAMILY)
                        .equals(family(Tree.text(record, "metadata", "name")));
    }

    static String family(String address) {
        return address.indexOf(':') >= 0 ? "IPv6" : "IPv4";
    }

    private static ObjectNode object(String address, String namespace, String service) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "networking.k8s.io/v1").put("kind", "IPAddress");
        object.putObject("metadata")
                .put("name", address)
                .putObject("labels")
                .put(FAMILY, family(address))
                .put(MANAGED_BY, ALLOCATOR);
        object.putObject("spec")
                .putObject("parentRef")
                .put("group", "")
                .put("resource", "services")
                .put("namespace", namespace)
                .put("name", service);
        return object;
    }
}
