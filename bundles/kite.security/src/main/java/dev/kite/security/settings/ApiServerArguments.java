package dev.kite.security.settings;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.ServerSettings;
import java.util.Map;

/** The API server's arguments over those that Kite, as k3s, gives it itself. */
public final class ApiServerArguments {
    private ApiServerArguments() {}

    /**
     * Reads them.
     *
     * @param settings the server's
     * @return what was given and, where nothing was, the issuer of service accounts' tokens
     * @throws dev.kite.api.arguments.ArgumentException if they are wrong
     */
    public static ComponentArguments of(ServerSettings settings) {
        return ComponentArguments.of(
                UpstreamComponent.APISERVER,
                Map.of("service-account-issuer", issuer(settings)),
                settings.kube_apiserver_arg());
    }

    /**
     * The issuer of service accounts' tokens where no other is given.
     *
     * @param settings the server's
     * @return its URL
     */
    public static String issuer(ServerSettings settings) {
        return "https://kubernetes.default.svc." + settings.cluster_domain();
    }
}
