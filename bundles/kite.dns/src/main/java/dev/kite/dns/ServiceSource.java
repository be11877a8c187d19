package dev.kite.dns;

import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The objects that names are made from. Thread-safe; answers from memory. */
interface ServiceSource {
    /** The label that ties an EndpointSlice to its Service. */
    String SERVICE_NAME = "kubernetes.io/service-name";

    boolean namespaceExists(String namespace);

    @Nullable
    Service service(String namespace, String name);

    Collection<EndpointSlice> slices(String namespace, String service);

    Collection<Service> servicesByAddress(String address);

    Collection<EndpointSlice> slicesByAddress(String address);
}
