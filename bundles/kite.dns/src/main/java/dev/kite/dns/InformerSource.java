package dev.kite.dns;

import dev.kite.api.client.Informer;
import dev.kite.api.client.KubernetesClient;
import dev.kite.model.core.v1.Namespace;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects by informers with the indexes that names need. */
final class InformerSource implements ServiceSource, AutoCloseable {
    private static final String BY_ADDRESS = "dns-address";
    private static final String BY_SERVICE = "dns-service";

    private final Informer<Namespace> namespaces;
    private final Informer<Service> services;
    private final Informer<EndpointSlice> slices;

    InformerSource(KubernetesClient client) {
        namespaces = client.informers().informer(Namespace.RESOURCE);
        services = client.informers().informer(Service.RESOURCE);
        slices = client.informers().informer(EndpointSlice.RESOURCE);
        services.index(BY_ADDRESS, service -> service.spec().clusterIPs());
        slices.index(
                BY_ADDRESS,
                slice -> slice.endpoints().stream()
                        .flatMap(endpoint -> endpoint.addresses().stream())
                        .toList());
        slices.index(
                BY_SERVICE,
                slice -> List.of(slice.metadata().namespace() + "/"
                        + slice.metadata().labels().getOrDefault(SERVICE_NAME, "")));
    }

    boolean awaitSync(Duration patience) throws InterruptedException {
        return namespaces.awaitSync(patience) && services.awaitSync(patience) && slices.awaitSync(patience);
    }

    @Override
    public boolean namespaceExists(String namespace) {
        return namespaces.get("", namespace) != null;
    }

    @Override
    public @Nullable Service service(String namespace, String name) {
        return services.get(namespace, name);
    }

    @Override
    public Collection<EndpointSlice> slices(String namespace, String service) {
        return slices.byIndex(BY_SERVICE, namespace + "/" + service);
    }

    @Override
    public Collection<Service> servicesByAddress(String address) {
        return services.byIndex(BY_ADDRESS, address);
    }

    @Override
    public Collection<EndpointSlice> slicesByAddress(String address) {
        return slices.byIndex(BY_ADDRESS, address);
    }

    @Override
    public void close() {
        namespaces.close();
        services.close();
        slices.close();
    }
}
