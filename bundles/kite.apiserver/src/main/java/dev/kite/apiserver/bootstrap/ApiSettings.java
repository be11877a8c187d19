package dev.kite.apiserver.bootstrap;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.ServerSettings;
import dev.kite.apiserver.admission.AdmissionSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the API server is set to.
 *
 * @param serviceCidrs the Services' networks
 * @param nodePortRange the ports of NodePort Services
 * @param clusterDns the addresses that are kept for the cluster's DNS
 * @param advertiseAddress the address that the kubernetes Service leads to, empty for none
 * @param advertisePort its port
 * @param runtimeConfig group versions that are off by default and wanted
 * @param admission the admission plugins
 * @param eventTtl how long Events are kept
 */
public record ApiSettings(
        List<String> serviceCidrs,
        String nodePortRange,
        Set<String> clusterDns,
        String advertiseAddress,
        int advertisePort,
        Set<String> runtimeConfig,
        AdmissionSettings admission,
        Duration eventTtl) {
    /** kube-apiserver's --event-ttl. */
    private static final Duration EVENT_TTL = Duration.ofHours(1);

    private static final String RUNTIME_CONFIG = "runtime-config=";

    /** Copies the collections. */
    public ApiSettings {
        serviceCidrs = List.copyOf(serviceCidrs);
        clusterDns = Set.copyOf(clusterDns);
        runtimeConfig = Set.copyOf(runtimeConfig);
    }

    /**
     * Settings with the admission plugins that are on by default.
     *
     * @param serviceCidrs the Services' networks
     * @param nodePortRange the ports of NodePort Services
     * @param clusterDns the addresses that are kept for the cluster's DNS
     * @param advertiseAddress the address that the kubernetes Service leads to
     * @param advertisePort its port
     * @param runtimeConfig group versions that are off by default and wanted
     */
    public ApiSettings(
            List<String> serviceCidrs,
            String nodePortRange,
            Set<String> clusterDns,
            String advertiseAddress,
            int advertisePort,
            Set<String> runtimeConfig) {
        this(
                serviceCidrs,
                nodePortRange,
                clusterDns,
                advertiseAddress,
                advertisePort,
                runtimeConfig,
                AdmissionSettings.DEFAULT,
                EVENT_TTL);
    }

    /**
     * Those of a server.
     *
     * @param settings the server's settings
     * @param nodeAddress the address to advertise where the settings name none
     * @return the API server's
     */
    static ApiSettings of(ServerSettings settings, String nodeAddress) {
        Set<String> runtime = Arrays.stream(settings.kube_apiserver_arg())
                .filter(argument -> argument.startsWith(RUNTIME_CONFIG))
                .flatMap(argument -> Arrays.stream(
                        argument.substring(RUNTIME_CONFIG.length()).split(",")))
                .filter(one -> !one.endsWith("=false"))
                .map(one -> one.replaceFirst("=true$", "").strip())
                .collect(Collectors.toSet());
        ComponentArguments arguments =
                ComponentArguments.of(UpstreamComponent.APISERVER, settings.kube_apiserver_arg());
        return new ApiSettings(
                split(settings.service_cidr()),
                settings.service_node_port_range(),
                Set.copyOf(split(settings.cluster_dns())),
                settings.advertise_address().isEmpty() ? nodeAddress : settings.advertise_address(),
                settings.advertise_port() == 0 ? settings.https_listen_port() : settings.advertise_port(),
                runtime,
                admission(arguments),
                arguments.duration("event-ttl", EVENT_TTL));
    }

    private static AdmissionSettings admission(ComponentArguments arguments) {
        return AdmissionSettings.of(
                arguments.list("enable-admission-plugins"),
                arguments.list("disable-admission-plugins"),
                arguments.text("admission-control-config-file", ""));
    }

    private static List<String> split(String[] values) {
        return Arrays.stream(values)
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
