package dev.kite.scheduler;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.health.Ready;
import dev.kite.api.security.UserInfo;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the scheduler while the API is ready, unless disable_scheduler says otherwise. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class SchedulerComponent {
    private final @Nullable Scheduler scheduler;
    private final @Nullable ServiceRegistration<Ready> ready;

    /**
     * Starts.
     *
     * @param context where readiness is said
     * @param settings the server's settings
     * @param api the API, ready
     * @param clients makes clients
     */
    @Activate
    public SchedulerComponent(
            BundleContext context,
            ServerSettings settings,
            @Reference(target = "(" + Ready.COMPONENT + "=api)") Ready api,
            @Reference KubernetesClientFactory clients) {
        if (settings.disable_scheduler()) {
            this.scheduler = null;
            this.ready = null;
            return;
        }
        Configuration configuration =
                Configuration.of(ComponentArguments.of(UpstreamComponent.SCHEDULER, settings.kube_scheduler_arg()));
        this.scheduler = new Scheduler(
                clients.inProcess(UserInfo.of("system:kube-scheduler")), Clock.systemUTC(), configuration);
        this.ready = context.registerService(
                Ready.class,
                () -> "profile " + String.join(", ", configuration.profiles().keySet()),
                FrameworkUtil.asDictionary(Map.of(Ready.COMPONENT, "scheduler")));
    }

    /** Says that it is not ready, then ends. */
    @Deactivate
    void deactivate() {
        if (ready != null) {
            ready.unregister();
        }
        if (scheduler != null) {
            scheduler.close();
        }
    }
}
