package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.HttpFilter;
import dev.kite.apiserver.patch.FieldOwners;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.storage.Followers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What protects the server under load: the steps of the request path, and what they are configured by. Thread-safe. */
public final class Protection implements AutoCloseable {
    private final Machinery machinery;
    private final ResourceCatalog catalog;
    private final Incoming incoming;
    private final FieldOwners owners;
    private final Followers followers;
    private volatile @Nullable FlowControl control;
    private volatile @Nullable FlowConfiguration configuration;

    /**
     * A protection that isn't there yet.
     *
     * @param machinery writes its objects
     * @param catalog finds resources
     * @param incoming makes objects
     * @param owners notes who wrote what
     * @param followers tells of changes
     */
    public Protection(
            Machinery machinery, ResourceCatalog catalog, Incoming incoming, FieldOwners owners, Followers followers) {
        this.machinery = machinery;
        this.catalog = catalog;
        this.incoming = incoming;
        this.owners = owners;
        this.followers = followers;
    }

    /**
     * Begins to protect; to be called once, when the cluster's first objects are there.
     *
     * @param settings how
     * @return the steps that each request is to pass
     */
    public List<HttpFilter> start(ProtectionSettings settings) {
        WatchCounts watches = new WatchCounts();
        FlowControl flows = new FlowControl(settings.reading() + settings.mutating(), System::nanoTime);
        FlowConfiguration kept = new FlowConfiguration(flows, new FlowObjects(machinery, catalog, incoming, owners));
        control = flows;
        configuration = kept;
        kept.start(followers);
        ObjectCounts counts = new ObjectCounts(machinery.objects().store(), catalog);
        return List.of(new FairnessFilter(
                flows, new WorkEstimator(counts::of, watches), watches, settings.timeout(), System::nanoTime));
    }

    /** @return the configuration of the moment, null before the start */
    @Nullable
    FlowControl control() {
        return control;
    }

    @Override
    public void close() {
        FlowConfiguration kept = configuration;
        if (kept != null) {
            kept.close();
        }
    }
}
