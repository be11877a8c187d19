package dev.kite.api.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A feature gate of upstream 1.36, one table for all of its programs. Kite has of every feature what upstream has by default and switches none, so a gate can
 * only be set to what it is already; {@code feature-gates} that ask for more are refused rather than ignored. Immutable.
 *
 * @param name its name
 * @param stage how far it may change
 * @param on whether upstream has it by default, and so whether it is on
 * @param locked whether upstream too refuses to change it
 */
public record FeatureGate(String name, Stage stage, boolean on, boolean locked) {
    private static final String COMPONENT = "kube";
    /** Off upstream even where runtime-config asks for the version of their API. */
    private static final Set<String> BY_RUNTIME_CONFIG = Set.of(
            "ClusterTrustBundle",
            "CoordinatedLeaderElection",
            "DRADeviceTaintRules",
            "PodCertificateRequest",
            "StorageVersionMigrator");

    /** How far a feature is; metrics spell it in capitals, and the last without a word. */
    public enum Stage {
        /** Off by default, may go. */
        ALPHA,
        /** May still change. */
        BETA,
        /** Will go. */
        DEPRECATED,
        /** Here to stay. */
        GA
    }

    /**
     * Loads the table beside this class; kept by nobody.
     *
     * @return all gates by name, sorted
     */
    public static Map<String, FeatureGate> all() {
        Map<String, FeatureGate> read = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(FeatureGate.class.getResourceAsStream("feature-gates.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(FeatureGate::gate)
                    .forEach(one -> read.put(one.name(), one));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(read);
    }

    private static FeatureGate gate(String line) {
        String[] words = line.split(" ");
        return new FeatureGate(
                words[0], Stage.valueOf(words[1].toUpperCase(Locale.ROOT)), words[2].equals("on"), words.length > 3);
    }

    /**
     * Checks a value of {@code feature-gates}: {@code name=true} or {@code kube:name=true}, commas between several.
     *
     * @param value what was given
     * @throws IllegalArgumentException if a gate is unknown, its value is none, or it would change; the message is one line, upstream's where upstream refuses too
     */
    static void check(String value) {
        Map<String, FeatureGate> gates = all();
        for (String pair : value.split(",")) {
            if (!pair.isBlank()) {
                one(gates, pair.strip());
            }
        }
    }

    private static void one(Map<String, FeatureGate> gates, String pair) {
        int colon = pair.indexOf(':');
        String component = colon < 0 ? COMPONENT : pair.substring(0, colon).strip();
        if (!component.equals(COMPONENT)) {
            throw new IllegalArgumentException("component not registered: " + component);
        }
        int equals = pair.indexOf('=', colon + 1);
        String name =
                pair.substring(colon + 1, equals < 0 ? pair.length() : equals).strip();
        if (equals < 0) {
            throw new IllegalArgumentException("missing bool value for " + name);
        }
        boolean on = flag(name, pair.substring(equals + 1).strip());
        FeatureGate gate = gates.get(name);
        if (gate == null) {
            String nearest = NearestWord.of(name, gates.keySet());
            throw new IllegalArgumentException(
                    "unrecognized feature gate: " + name + (nearest == null ? "" : "; did you mean " + nearest + "?"));
        }
        gate.set(on);
    }

    private static boolean flag(String name, String value) {
        try {
            return Values.flag(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid value of " + name + "=" + value + ", err: " + e.getMessage(), e);
        }
    }

    private void set(boolean asked) {
        if (asked == on && !name.equals("AllBeta")) {
            return;
        }
        throw new IllegalArgumentException("cannot set feature gate " + name + " to " + asked + ", " + reason());
    }

    private String reason() {
        if (locked) {
            return "feature is locked to " + on;
        }
        return BY_RUNTIME_CONFIG.contains(name)
                ? "Kite serves its API by runtime-config alone"
                : "Kite has each feature as 1.36 has it by default and switches none";
    }
}
