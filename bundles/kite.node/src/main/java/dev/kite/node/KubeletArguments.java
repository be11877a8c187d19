package dev.kite.node;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.model.Quantity;
import dev.kite.model.QuantityFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kubelet is told: {@code --kubelet-arg} over its configuration files over the defaults that k3s gives it. Immutable.
 *
 * @param given all of it, under the arguments' names
 */
public record KubeletArguments(ComponentArguments given) {
    /** As k3s sets them; what is not here is the kubelet's own default. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "eviction-hard", "imagefs.available<5%,nodefs.available<5%",
            "eviction-minimum-reclaim", "imagefs.available=10%,nodefs.available=10%",
            "anonymous-auth", "false",
            "authorization-mode", "Webhook",
            "authentication-token-webhook", "true",
            "fail-swap-on", "false",
            "fail-cgroupv1", "false");

    private static final String CONFIG = "config";
    private static final String FOLDER = "config-dir";

    /**
     * Reads arguments alone.
     *
     * @param arguments {@code name=value} each
     * @return what they say
     * @throws ArgumentException if one is wrong
     */
    public static KubeletArguments parse(String... arguments) {
        return new KubeletArguments(ComponentArguments.of(UpstreamComponent.KUBELET, DEFAULTS, arguments));
    }

    /**
     * Reads arguments and the files that they name; without {@code config-dir} the drop-in files of {@code agent/etc/kubelet.conf.d} count, as in k3s.
     *
     * @param data the data folder
     * @param arguments {@code name=value} each
     * @return what they say together
     * @throws IOException if a file that is named cannot be read, or is wrong
     * @throws ArgumentException if an argument is wrong
     */
    public static KubeletArguments read(Path data, String... arguments) throws IOException {
        ComponentArguments named = ComponentArguments.of(UpstreamComponent.KUBELET, arguments);
        Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
        String file = named.text(CONFIG, "");
        if (!file.isEmpty()) {
            values.putAll(KubeletConfiguration.read(Path.of(file)));
        }
        Path folder = Path.of(
                named.text(FOLDER, data.resolve("agent/etc/kubelet.conf.d").toString()));
        for (Path each : KubeletConfiguration.files(folder, named.given(FOLDER))) {
            values.putAll(KubeletConfiguration.read(each));
        }
        check(values);
        return new KubeletArguments(ComponentArguments.of(UpstreamComponent.KUBELET, values, arguments));
    }

    /** Values of files have the forms and bounds of arguments. */
    private static void check(Map<String, String> values) {
        String[] all = values.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .toArray(String[]::new);
        ComponentArguments checked = ComponentArguments.of(UpstreamComponent.KUBELET, all);
        if (checked.names().size() < values.size()) {
            throw new IllegalStateException("two settings under one name");
        }
    }

    /**
     * How many pods the node takes.
     *
     * @param cpus how many CPUs it has
     * @return the smaller of {@code max-pods} and {@code pods-per-core}
     */
    public int maxPods(int cpus) {
        long most = given.number("max-pods", 110);
        long perCore = given.number("pods-per-core", 0);
        return Math.toIntExact(perCore > 0 ? Math.min(most, perCore * cpus) : most);
    }

    /** @return how full in % the images' disk may be */
    public int imageGcHighPercent() {
        return Math.toIntExact(given.number("image-gc-high-threshold", 85));
    }

    /** @return down to where in % images are then removed */
    public int imageGcLowPercent() {
        return Math.min(Math.toIntExact(given.number("image-gc-low-threshold", 80)), imageGcHighPercent());
    }

    /** @return how large in bytes a container's log may become */
    public long containerLogMaxBytes() {
        long bytes = quantity("container-log-max-size", given.text("container-log-max-size", "10Mi"))
                .value();
        if (bytes <= 0) {
            throw new ArgumentException("--kubelet-arg: container-log-max-size must be positive");
        }
        return bytes;
    }

    /** @return how many files of a log are kept, the current one included */
    public int containerLogMaxFiles() {
        return Math.toIntExact(given.number("container-log-max-files", 5));
    }

    /** @return sysctls that pods may set besides the safe ones; a trailing asterisk stands for any rest */
    public List<String> allowedUnsafeSysctls() {
        return given.list("allowed-unsafe-sysctls");
    }

    /**
     * What is kept from pods for the system and for Kubernetes together.
     *
     * @param resource cpu, memory, ephemeral-storage or pid
     * @return how much
     */
    public Quantity reserved(String resource) {
        Quantity sum = Quantity.ZERO;
        for (String argument : List.of("kube-reserved", "system-reserved")) {
            String text = given.map(argument).get(resource);
            sum = text == null ? sum : sum.add(quantity(argument, text));
        }
        return sum;
    }

    /**
     * Reads a quantity.
     *
     * @param argument the argument that it is part of
     * @param text the quantity
     * @return it
     * @throws ArgumentException if it is none
     */
    public static Quantity quantity(String argument, String text) {
        try {
            return Quantity.parse(text);
        } catch (QuantityFormatException e) {
            throw new ArgumentException("--kubelet-arg: " + argument + ": \"" + text + "\" is no quantity");
        }
    }
}
