package dev.kite.features;

import dev.kite.api.config.ServerSettings;
import dev.kite.features.catalog.FeatureCatalog;
import dev.kite.features.state.StateFile;
import dev.kite.features.swap.FelixOperations;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Holds the manager: it depends on nothing that a feature or the API's coming and going could take away. */
@Component(
        service = FeaturePlatform.class,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FeaturePlatform {
    /** Framework property: the unpacked distribution. */
    private static final String HOME = "kite.home";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FeatureManager manager;

    /**
     * Reads what ran.
     *
     * @param context the framework
     * @param settings the server's settings
     * @param configurations where features' configurations go
     * @param components tells how their components are
     */
    @Activate
    public FeaturePlatform(
            BundleContext context,
            ServerSettings settings,
            @Reference ConfigurationAdmin configurations,
            @Reference ServiceComponentRuntime components) {
        String home = context.getProperty(HOME);
        if (home == null) {
            throw new IllegalStateException("the framework property " + HOME + " names no distribution");
        }
        Path server = Path.of(settings.data_dir(), "server");
        this.manager = new FeatureManager(
                new FeatureCatalog(Path.of(home), server.resolve("features")),
                new StateFile(server.resolve("features.json")),
                new FelixOperations(context, configurations, components),
                PATIENCE);
    }

    FeatureManager manager() {
        return manager;
    }
}
