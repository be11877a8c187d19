package dev.kite.features;

import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.controller.ControllerFactory;
import dev.kite.api.health.Ready;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Follows Feature objects while the API is ready. What runs of them goes on when the API goes. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FeaturesComponent {
    private final BundleContext context;
    private final FeatureController controller;
    private final Object lock = new Object();
    private @Nullable ServiceRegistration<Ready> ready;
    private boolean ended;

    /**
     * Starts following.
     *
     * @param context where readiness is said
     * @param settings the server's settings
     * @param api the API, ready
     * @param clients makes clients
     * @param controllers makes queues
     * @param features does what is wanted
     */
    @Activate
    public FeaturesComponent(
            BundleContext context,
            ServerSettings settings,
            @Reference(target = "(" + Ready.COMPONENT + "=api)") Ready api,
            @Reference KubernetesClientFactory clients,
            @Reference ControllerFactory controllers,
            @Reference FeaturePlatform features) {
        this.context = context;
        this.controller = new FeatureController(
                clients,
                controllers,
                features.manager(),
                names(settings.disable()),
                Clock.systemUTC(),
                () -> announce(features.manager()));
    }

    /** The flag may be given often, and each time with a list. */
    static Set<String> names(String[] disable) {
        List<String> names = new ArrayList<>();
        for (String each : disable) {
            for (String name : each.split(",")) {
                names.add(name.strip());
            }
        }
        return Set.copyOf(names);
    }

    private void announce(FeatureManager manager) {
        List<String> enabled = manager.enabled();
        String detail = enabled.isEmpty() ? "none enabled" : String.join(", ", enabled);
        Ready marker = () -> detail;
        // Not under the lock: whoever waits for this marker starts within the call.
        ServiceRegistration<Ready> registered = context.registerService(
                Ready.class, marker, FrameworkUtil.asDictionary(Map.of(Ready.COMPONENT, "features")));
        synchronized (lock) {
            if (!ended) {
                ready = registered;
                return;
            }
        }
        registered.unregister();
    }

    /** Says that it is not ready, then ends the worker. */
    @Deactivate
    void deactivate() {
        ServiceRegistration<Ready> registered;
        synchronized (lock) {
            ended = true;
            registered = ready;
        }
        if (registered != null) {
            registered.unregister();
        }
        controller.close();
    }
}
