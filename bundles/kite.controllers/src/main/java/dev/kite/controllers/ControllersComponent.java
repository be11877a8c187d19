package dev.kite.controllers;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.controller.ControllerFactory;
import dev.kite.api.health.Ready;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ServiceAccountTokens;
import java.time.Clock;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the loops while the API is ready. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ControllersComponent {
    private final ControllerManager manager;
    private final ServiceRegistration<Ready> ready;

    /**
     * Starts all loops.
     *
     * @param context where readiness is said
     * @param settings the server's settings
     * @param api the API, ready
     * @param clients makes clients
     * @param controllers makes queues
     * @param certificates the cluster's authorities
     * @param tokens signs service accounts' tokens
     */
    @Activate
    public ControllersComponent(
            BundleContext context,
            ServerSettings settings,
            @Reference(target = "(" + Ready.COMPONENT + "=api)") Ready api,
            @Reference KubernetesClientFactory clients,
            @Reference ControllerFactory controllers,
            @Reference ClusterCertificates certificates,
            @Reference ServiceAccountTokens tokens) {
        ComponentArguments arguments = ComponentArguments.of(
                UpstreamComponent.CONTROLLER_MANAGER,
                Map.of("controllers", ControllerNames.DEFAULT),
                settings.kube_controller_manager_arg());
        this.manager = new ControllerManager(
                clients,
                controllers,
                Clock.systemUTC(),
                arguments,
                Loops.all(settings, arguments, certificates, tokens));
        this.ready = context.registerService(
                Ready.class, manager, FrameworkUtil.asDictionary(Map.of(Ready.COMPONENT, "controllers")));
    }

    /** Says that it is not ready, then ends all loops. */
    @Deactivate
    void deactivate() {
        ready.unregister();
        manager.close();
    }
}
