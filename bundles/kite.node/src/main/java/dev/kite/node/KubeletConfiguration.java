package dev.kite.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of kind KubeletConfiguration (kubelet.config.k8s.io/v1beta1) as the arguments that their fields stand for. */
final class KubeletConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletConfiguration.class);
    private static final int LARGEST = 1 << 20;

    private static final Map<String, String> FIELDS = fields();

    private KubeletConfiguration() {}

    private static Map<String, String> fields() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String pair : """
                address=address port=port readOnlyPort=read-only-port healthzPort=healthz-port
                healthzBindAddress=healthz-bind-address tlsCertFile=tls-cert-file tlsPrivateKeyFile=tls-private-key-file
                tlsCipherSuites=tls-cipher-suites tlsMinVersion=tls-min-version rotateCertificates=rotate-certificates
                serverTLSBootstrap=rotate-server-certificates authentication.anonymous.enabled=anonymous-auth
                authentication.webhook.enabled=authentication-token-webhook
                authentication.webhook.cacheTTL=authentication-token-webhook-cache-ttl
                authentication.x509.clientCAFile=client-ca-file authorization.mode=authorization-mode
                authorization.webhook.cacheAuthorizedTTL=authorization-webhook-cache-authorized-ttl
                authorization.webhook.cacheUnauthorizedTTL=authorization-webhook-cache-unauthorized-ttl
                registryPullQPS=registry-qps registryBurst=registry-burst eventRecordQPS=event-qps eventBurst=event-burst
                enableDebuggingHandlers=enable-debugging-handlers
                streamingConnectionIdleTimeout=streaming-connection-idle-timeout
                nodeStatusUpdateFrequency=node-status-update-frequency nodeStatusMaxImages=node-status-max-images
                imageMinimumGCAge=minimum-image-ttl-duration imageGCHighThresholdPercent=image-gc-high-threshold
                imageGCLowThresholdPercent=image-gc-low-threshold volumeStatsAggPeriod=volume-stats-agg-period
                kubeletCgroups=kubelet-cgroups systemCgroups=system-cgroups cgroupRoot=cgroup-root
                cgroupsPerQOS=cgroups-per-qos cgroupDriver=cgroup-driver cpuManagerPolicy=cpu-manager-policy
                cpuManagerPolicyOptions=cpu-manager-policy-options cpuManagerReconcilePeriod=cpu-manager-reconcile-period
                memoryManagerPolicy=memory-manager-policy topologyManagerPolicy=topology-manager-policy
                topologyManagerScope=topology-manager-scope topologyManagerPolicyOptions=topology-manager-policy-options
                qosReserved=qos-reserved runtimeRequestTimeout=runtime-request-timeout hairpinMode=hairpin-mode
                maxPods=max-pods podCIDR=pod-cidr podPidsLimit=pod-max-pids resolvConf=resolv-conf
                cpuCFSQuota=cpu-cfs-quota cpuCFSQuotaPeriod=cpu-cfs-quota-period maxOpenFiles=max-open-files
                serializeImagePulls=serialize-image-pulls evictionHard=eviction-hard evictionSoft=eviction-soft
                evictionSoftGracePeriod=eviction-soft-grace-period
                evictionPressureTransitionPeriod=eviction-pressure-transition-period
                evictionMaxPodGracePeriod=eviction-max-pod-grace-period
                evictionMinimumReclaim=eviction-minimum-reclaim podsPerCore=pods-per-core
                protectKernelDefaults=protect-kernel-defaults makeIPTablesUtilChains=make-iptables-util-chains
                failSwapOn=fail-swap-on failCgroupV1=fail-cgroupv1 containerLogMaxSize=container-log-max-size
                containerLogMaxFiles=container-log-max-files systemReserved=system-reserved kubeReserved=kube-reserved
                reservedSystemCPUs=reserved-cpus systemReservedCgroup=system-reserved-cgroup
                kubeReservedCgroup=kube-reserved-cgroup enforceNodeAllocatable=enforce-node-allocatable
                allowedUnsafeSysctls=allowed-unsafe-sysctls kernelMemcgNotification=kernel-memcg-notification
                staticPodPath=pod-manifest-path staticPodURL=manifest-url fileCheckFrequency=file-check-frequency
                httpCheckFrequency=http-check-frequency syncFrequency=sync-frequency seccompDefault=seccomp-default
                registerNode=register-node providerID=provider-id featureGates=feature-gates
                localStorageCapacityIsolation=local-storage-capacity-isolation kubeAPIQPS=kube-api-qps
                kubeAPIBurst=kube-api-burst contentType=kube-api-content-type oomScoreAdj=oom-score-adj
                enableServer=enable-server
                """.split("\\s+")) {
            int equals = pair.indexOf('=');
            names.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return Map.copyOf(names);
    }

    /** The drop-in files of a folder and its subfolders, in the order in which they count; none where it is not there and nobody named it. */
    static List<Path> files(Path folder, boolean named) throws IOException {
        if (!Files.isDirectory(folder)) {
            if (named) {
                throw new NoSuchFileException(folder.toString(), null, "no folder of kubelet configurations");
            }
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".conf") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    /** A file's fields as arguments. */
    static Map<String, String> read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + ": larger than " + LARGEST + " bytes");
        }
        return parse(file.toString(), Files.readString(file));
    }

    static Map<String, String> parse(String file, String text) throws IOException {
        JsonNode root;
        try {
            root = new YAMLMapper(new YAMLFactory()).readTree(text);
        } catch (IOException e) {
            throw new IOException(file + ": " + firstLine(e), e);
        }
        if (root == null || root.isMissingNode() || root.isNull()) {
            return Map.of();
        }
        if (!root.path("kind").asText("").equals("KubeletConfiguration")
                || !root.path("apiVersion").asText("").equals("kubelet.config.k8s.io/v1beta1")) {
            throw new IOException(file + ": not a KubeletConfiguration of kubelet.config.k8s.io/v1beta1");
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        take("", root, arguments, unknown);
        if (!unknown.isEmpty()) {
            LOG.warn("{}: {} without effect", file, String.join(", ", unknown));
        }
        return arguments;
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static void take(String prefix, JsonNode node, Map<String, String> arguments, List<String> unknown) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String path = prefix + entry.getKey();
            String argument = FIELDS.get(path);
            if (argument != null) {
                arguments.put(argument, value(argument, entry.getValue()));
            } else if (prefix.length() < 40 && path.matches("authentication(\\.\\w+)?|authorization(\\.webhook)?")) {
                take(path + ".", entry.getValue(), arguments, unknown);
            } else if (!path.equals("kind") && !path.equals("apiVersion")) {
                unknown.add(path);
            }
        }
    }

    private static String value(String argument, JsonNode value) {
        if (value.isArray()) {
            List<String> words = new ArrayList<>();
            value.forEach(one -> words.add(one.asText()));
            return String.join(",", words);
        }
        if (value.isObject()) {
            String sign = argument.equals("eviction-hard") || argument.equals("eviction-soft") ? "<" : "=";
            List<String> pairs = new ArrayList<>();
            value.properties()
                    .forEach(one ->
                            pairs.add(one.getKey() + sign + one.getValue().asText()));
            return String.join(",", pairs);
        }
        return value.asText();
    }
}
