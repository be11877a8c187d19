package dev.kite.node.pod;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ListOptions;
import dev.kite.model.Bytes;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.ConfigMap;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.EnvFromSource;
import dev.kite.model.core.v1.EnvVar;
import dev.kite.model.core.v1.EnvVarSource;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceFieldSelector;
import dev.kite.model.core.v1.Secret;
import dev.kite.model.core.v1.Service;
import dev.kite.model.core.v1.ServicePort;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A container's environment: of services, envFrom, env, in that order; the later wins, services give way to all. */
final class Environment {
    private final KubernetesClient client;
    private final Map<String, Quantity> allocatable;

    Environment(KubernetesClient client, Map<String, Quantity> allocatable) {
        this.client = client;
        this.allocatable = allocatable;
    }

    /** What a pod's own address and node are, for field references. */
    record Where(String nodeName, String hostIp, List<String> hostIps, List<String> podIps) {}

    Map<String, String> of(Pod pod, Container container, Where where) throws SyncException {
        Map<String, String> services = services(pod);
        Map<String, String> result = new LinkedHashMap<>();
        for (EnvFromSource source : container.envFrom()) {
            from(pod.metadata().namespace(), source)
                    .forEach((name, value) -> result.put(source.prefix() + name, value));
        }
        Map<String, String> known = new LinkedHashMap<>(services);
        known.putAll(result);
        for (EnvVar variable : container.env()) {
            String value = variable.hasValueFrom()
                    ? value(pod, container, variable.valueFrom(), where)
                    : Expansion.expand(variable.value(), known);
            if (value != null) {
                result.put(variable.name(), value);
                known.put(variable.name(), value);
            }
        }
        services.forEach(result::putIfAbsent);
        return result;
    }

    private Map<String, String> from(String namespace, EnvFromSource source) throws SyncException {
        Map<String, String> values = new TreeMap<>();
        if (source.hasConfigMapRef()) {
            configMap(
                            namespace,
                            source.configMapRef().name(),
                            source.configMapRef().optional())
                    .ifPresent(found -> values.putAll(found.data()));
        } else if (source.hasSecretRef()) {
            secret(namespace, source.secretRef().name(), source.secretRef().optional())
                    .ifPresent(found -> found.data().forEach((name, value) -> values.put(name, value.utf8())));
        }
        values.keySet().removeIf(name -> name.isEmpty() || name.contains("="));
        return values;
    }

    private @Nullable String value(Pod pod, Container container, EnvVarSource source, Where where)
            throws SyncException {
        String namespace = pod.metadata().namespace();
        if (source.hasFieldRef()) {
            return field(pod, source.fieldRef().fieldPath(), where);
        }
        if (source.hasResourceFieldRef()) {
            return resource(pod, container, source.resourceFieldRef());
        }
        if (source.hasConfigMapKeyRef()) {
            var key = source.configMapKeyRef();
            Optional<ConfigMap> found = configMap(namespace, key.name(), key.optional());
            String value = found.map(map -> map.data().get(key.key())).orElse(null);
            if (value == null && !key.optional()) {
                throw new SyncException(
                        SyncException.CONFIG,
                        "couldn't find key " + key.key() + " in ConfigMap " + namespace + "/" + key.name());
            }
            return value;
        }
        if (source.hasSecretKeyRef()) {
            var key = source.secretKeyRef();
            Optional<Secret> found = secret(namespace, key.name(), key.optional());
            Bytes value = found.map(one -> one.data().get(key.key())).orElse(null);
            if (value == null && !key.optional()) {
                throw new SyncException(
                        SyncException.CONFIG,
                        "couldn't find key " + key.key() + " in Secret " + namespace + "/" + key.name());
            }
            return value == null ? null : value.utf8();
        }
        throw new SyncException(SyncException.CONFIG, "a variable's source is of an unknown kind");
    }

    private Optional<ConfigMap> configMap(String namespace, String name, boolean optional) throws SyncException {
        Optional<ConfigMap> found =
                read(() -> client.resource(ConfigMap.RESOURCE).find(namespace, name));
        if (found.isEmpty() && !optional) {
            throw new SyncException(SyncException.CONFIG, "configmap \"" + name + "\" not found");
        }
        return found;
    }

    private Optional<Secret> secret(String namespace, String name, boolean optional) throws SyncException {
        Optional<Secret> found = read(() -> client.resource(Secret.RESOURCE).find(namespace, name));
        if (found.isEmpty() && !optional) {
            throw new SyncException(SyncException.CONFIG, "secret \"" + name + "\" not found");
        }
        return found;
    }

    /** One read of the API. */
    private interface Read<T> {
        T read();
    }

    private static <T> T read(Read<T> read) throws SyncException {
        try {
            return read.read();
        } catch (ApiException e) {
            throw new SyncException(SyncException.CONFIG, String.valueOf(e.getMessage()), e);
        }
    }

    /** A field of the downward API as text. */
    static String field(Pod pod, String path, Where where) throws SyncException {
        var metadata = pod.metadata();
        int bracket = path.indexOf("['");
        if (bracket > 0 && path.endsWith("']")) {
            String key = path.substring(bracket + 2, path.length() - 2);
            return switch (path.substring(0, bracket)) {
                case "metadata.labels" -> metadata.labels().getOrDefault(key, "");
                case "metadata.annotations" -> metadata.annotations().getOrDefault(key, "");
                default -> throw unknown(path);
            };
        }
        return switch (path) {
            case "metadata.name" -> metadata.name();
            case "metadata.namespace" -> metadata.namespace();
            case "metadata.uid" -> metadata.uid();
            case "metadata.labels" -> lines(metadata.labels());
            case "metadata.annotations" -> lines(metadata.annotations());
            case "spec.nodeName" -> where.nodeName();
            case "spec.serviceAccountName" -> pod.spec().serviceAccountName();
            case "status.hostIP" -> where.hostIp();
            case "status.hostIPs" -> String.join(",", where.hostIps());
            case "status.podIP" ->
                where.podIps().isEmpty() ? "" : where.podIps().getFirst();
            case "status.podIPs" -> String.join(",", where.podIps());
            default -> throw unknown(path);
        };
    }

    private static SyncException unknown(String path) {
        return new SyncException(SyncException.CONFIG, "unsupported fieldPath: " + path);
    }

    private static String lines(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values)
                .forEach((key, value) -> text.append(text.isEmpty() ? "" : "\n")
                        .append(key)
                        .append("=\"")
                        .append(value.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n"))
                        .append('"'));
        return text.toString();
    }

    private String resource(Pod pod, Container container, ResourceFieldSelector selector) throws SyncException {
        Container of = selector.containerName().isEmpty()
                ? container
                : Containers.all(pod).stream()
                        .filter(one -> one.name().equals(selector.containerName()))
                        .findFirst()
                        .orElseThrow(() -> new SyncException(
                                SyncException.CONFIG, "container " + selector.containerName() + " not found"))
                        .spec();
        int dot = selector.resource().indexOf('.');
        String which = dot < 0 ? "" : selector.resource().substring(0, dot);
        String name = selector.resource().substring(dot + 1);
        Quantity found = switch (which) {
            case "limits" -> of.resources().limits().getOrDefault(name, allocatable.getOrDefault(name, Quantity.ZERO));
            case "requests" ->
                of.resources()
                        .requests()
                        .getOrDefault(name, of.resources().limits().getOrDefault(name, Quantity.ZERO));
            default ->
                throw new SyncException(
                        SyncException.CONFIG, "unsupported container resource : " + selector.resource());
        };
        Quantity wanted = selector.divisor();
        BigDecimal divisor = wanted == null || wanted.isZero() ? BigDecimal.ONE : wanted.toBigDecimal();
        return found.toBigDecimal().divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }

    /** The variables of the services that are there when the container starts: the API's own always, the namespace's where the pod wants them. */
    private Map<String, String> services(Pod pod) throws SyncException {
        Map<String, String> variables = new LinkedHashMap<>();
        var services = client.resource(Service.RESOURCE);
        String namespace = pod.metadata().namespace();
        if (!pod.spec().hasEnableServiceLinks() || pod.spec().enableServiceLinks()) {
            for (Service service :
                    read(() -> services.list(namespace, ListOptions.ALL)).items()) {
                add(service, variables);
            }
        }
        read(() -> services.find("default", "kubernetes")).ifPresent(service -> {
            if (!variables.containsKey("KUBERNETES_SERVICE_HOST")) {
                add(service, variables);
            }
        });
        return variables;
    }

    static void add(Service service, Map<String, String> variables) {
        String ip = service.spec().clusterIP();
        if (ip.isEmpty() || ip.equals("None") || service.spec().ports().isEmpty()) {
            return;
        }
        String name = upper(service.metadata().name());
        String host = ip.contains(":") ? "[" + ip + "]" : ip;
        List<ServicePort> ports = service.spec().ports();
        variables.put(name + "_SERVICE_HOST", ip);
        variables.put(name + "_SERVICE_PORT", Integer.toString(ports.getFirst().port()));
        for (ServicePort port : ports) {
            if (!port.name().isEmpty()) {
                variables.put(name + "_SERVICE_PORT_" + upper(port.name()), Integer.toString(port.port()));
            }
        }
        for (int i = 0; i < ports.size(); i++) {
            ServicePort port = ports.get(i);
            String protocol = port.protocol().isEmpty() ? "TCP" : port.protocol();
            String url = protocol.toLowerCase(Locale.ROOT) + "://" + host + ":" + port.port();
            if (i == 0) {
                variables.put(name + "_PORT", url);
            }
            String prefix = name + "_PORT_" + port.port() + "_" + protocol.toUpperCase(Locale.ROOT);
            variables.put(prefix, url);
            variables.put(prefix + "_PROTO", protocol.toLowerCase(Locale.ROOT));
            variables.put(prefix + "_PORT", Integer.toString(port.port()));
            variables.put(prefix + "_ADDR", ip);
        }
    }

    private static String upper(String name) {
        return name.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
