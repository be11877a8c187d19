package dev.kite.node;

import dev.kite.model.Quantity;
import dev.kite.model.QuantityFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of {@code --kubelet-arg} is honoured; the rest is named, so that it can be warned of once.
 *
 * @param maxPods how many pods the node takes
 * @param imageGcHighPercent how full the images' disk may be
 * @param imageGcLowPercent down to where images are then removed
 * @param containerLogMaxBytes how large a container's log may become
 * @param containerLogMaxFiles how many files of a log are kept, the current one included
 * @param allowedUnsafeSysctls sysctls that pods may set besides the safe ones; a trailing asterisk stands for any rest
 * @param ignored arguments that have no meaning here, or a value that can't be read
 */
public record KubeletArguments(
        int maxPods,
        int imageGcHighPercent,
        int imageGcLowPercent,
        long containerLogMaxBytes,
        int containerLogMaxFiles,
        List<String> allowedUnsafeSysctls,
        List<String> ignored) {
    /** Copies the lists. */
    public KubeletArguments {
        allowedUnsafeSysctls = List.copyOf(allowedUnsafeSysctls);
        ignored = List.copyOf(ignored);
    }

    /**
     * Reads arguments; what is not set has the kubelet's default.
     *
     * @param arguments {@code name=value}, the later counts
     * @return what they say
     */
    public static KubeletArguments parse(String... arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = (equals < 0 ? argument : argument.substring(0, equals)).replaceFirst("^-+", "");
            values.put(name, equals < 0 ? "" : argument.substring(equals + 1));
        }
        List<String> ignored = new ArrayList<>();
        int maxPods = number(values, "max-pods", 110, 1, 10_000, ignored);
        int high = number(values, "image-gc-high-threshold", 85, 0, 100, ignored);
        int low = number(values, "image-gc-low-threshold", 80, 0, 100, ignored);
        int files = number(values, "container-log-max-files", 5, 2, 1000, ignored);
        long bytes = bytes(values, ignored);
        String sysctls = values.remove("allowed-unsafe-sysctls");
        ignored.addAll(values.keySet());
        return new KubeletArguments(
                maxPods,
                high,
                Math.min(low, high),
                bytes,
                files,
                sysctls == null || sysctls.isBlank() ? List.of() : List.of(sysctls.split(",")),
                ignored);
    }

    private static int number(
            Map<String, String> values, String name, int otherwise, int least, int most, List<String> ignored) {
        String value = values.remove(name);
        if (value == null) {
            return otherwise;
        }
        if (value.matches("\\d{1,6}")) {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        ignored.add(name + "=" + value);
        return otherwise;
    }

    private static long bytes(Map<String, String> values, List<String> ignored) {
        long otherwise = 10L << 20;
        String value = values.remove("container-log-max-size");
        if (value == null) {
            return otherwise;
        }
        try {
            long bytes = Quantity.parse(value).value();
            if (bytes > 0) {
                return bytes;
            }
        } catch (QuantityFormatException e) {
            // named below
        }
        ignored.add("container-log-max-size=" + value);
        return otherwise;
    }
}
