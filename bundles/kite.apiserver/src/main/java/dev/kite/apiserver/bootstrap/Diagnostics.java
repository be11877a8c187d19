package dev.kite.apiserver.bootstrap;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.apiserver.diagnostics.FlagValues;
import java.util.List;
import java.util.Map;

/**
 * What the server tells of itself beside what is measured.
 *
 * @param arguments the API server's arguments as they are given
 * @param profiling whether profiles can be taken
 */
public record Diagnostics(ComponentArguments arguments, boolean profiling) {
    /**
     * By arguments.
     *
     * @param arguments the API server's
     * @return what is told
     */
    public static Diagnostics of(ComponentArguments arguments) {
        return new Diagnostics(arguments, arguments.flag("profiling", true));
    }

    /**
     * Those of a server without arguments.
     *
     * @return the defaults
     */
    public static Diagnostics none() {
        return of(ComponentArguments.of(UpstreamComponent.APISERVER));
    }

    /** All arguments with the values in force: what Kite sets from its own flags as k3s sets it. */
    Map<String, String> flags(ApiSettings settings) {
        return FlagValues.of(
                arguments,
                Map.of(
                        "advertise-address", settings.advertiseAddress(),
                        "secure-port", Integer.toString(settings.advertisePort()),
                        "service-cluster-ip-range", String.join(",", settings.serviceCidrs()),
                        "service-node-port-range", settings.nodePortRange(),
                        "allow-privileged", "true",
                        "anonymous-auth", "false",
                        "authorization-mode", list(List.of("Node", "RBAC")),
                        "enable-admission-plugins", list(List.of("NodeRestriction"))));
    }

    private static String list(List<String> words) {
        return "[" + String.join(",", words) + "]";
    }
}
