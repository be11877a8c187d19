package dev.kite.node.volume;

import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceFieldSelector;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The downward API in files: a pod's fields and a container's resources as text, in the forms that Kubernetes documents. */
final class FieldReferences {
    private FieldReferences() {}

    static String field(Pod pod, String path) throws IOException {
        return switch (path) {
            case "metadata.name" -> pod.metadata().name();
            case "metadata.namespace" -> pod.metadata().namespace();
            case "metadata.uid" -> pod.metadata().uid();
            case "metadata.labels" -> lines(pod.metadata().labels());
            case "metadata.annotations" -> lines(pod.metadata().annotations());
            case "spec.nodeName" -> pod.spec().nodeName();
            case "spec.serviceAccountName" -> pod.spec().serviceAccountName();
            case "status.hostIP" -> pod.status().hostIP();
            case "status.podIP" -> pod.status().podIP();
            default -> subscripted(pod, path);
        };
    }

    private static String subscripted(Pod pod, String path) throws IOException {
        for (String map : new String[] {"metadata.labels", "metadata.annotations"}) {
            if (path.startsWith(map + "['") && path.endsWith("']")) {
                String key = path.substring(map.length() + 2, path.length() - 2);
                Map<String, String> values = map.endsWith("labels")
                        ? pod.metadata().labels()
                        : pod.metadata().annotations();
                return values.getOrDefault(key, "");
            }
        }
        throw new IOException("the downward API has no field " + path);
    }

    /** One line a key, sorted, values quoted. */
    private static String lines(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values)
                .forEach((key, value) -> text.append(text.isEmpty() ? "" : "\n")
                        .append(key)
                        .append('=')
                        .append(quote(value)));
        return text.toString();
    }

    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            switch (each) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }

    /**
     * A container's resource as text.
     *
     * @param pod the pod
     * @param selector which container and resource, and the divisor
     * @param allocatable what the node gives to pods: a limit that is not set is that
     */
    static String resource(Pod pod, ResourceFieldSelector selector, Supplier<Map<String, Quantity>> allocatable)
            throws IOException {
        Container container = Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
                .filter(each -> each.name().equals(selector.containerName()))
                .findFirst()
                .orElseThrow(() -> new IOException("the downward API names no container " + selector.containerName()));
        String resource = selector.resource();
        int dot = resource.indexOf('.');
        String name = resource.substring(dot + 1);
        boolean limit = resource.startsWith("limits.");
        Map<String, Quantity> values =
                limit ? container.resources().limits() : container.resources().requests();
        Quantity given = values.get(name);
        Quantity value = given != null || !limit ? given : allocatable.get().get(name);
        if (value == null) {
            value = Quantity.ZERO;
        }
        Quantity divisor = selector.divisor();
        BigDecimal unit = divisor == null || divisor.isZero() ? BigDecimal.ONE : divisor.toBigDecimal();
        return value.toBigDecimal().divide(unit, 0, RoundingMode.CEILING).toPlainString();
    }
}
