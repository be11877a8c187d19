package dev.kite.cli.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns features on and off, and waits for it. */
final class Switch {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Set<String> SETTLED = Set.of("Enabled", "Disabled", "Failed", "RolledBack");
    private static final String REQUESTED = "features.kite.dev/requested-at";

    private final Features features;

    Switch(Features features) {
        this.features = features;
    }

    /**
     * Asks for a feature to be on or off.
     *
     * @param name its name
     * @param enabled whether it is to run
     * @param version the version, null for as it is, empty for the newest
     * @return the Feature as it was asked for
     * @throws IOException if there is none of that name, or it can't be asked for
     */
    JsonNode ask(String name, boolean enabled, @Nullable String version) throws IOException, InterruptedException {
        JsonNode feature = required(name);
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        ObjectNode spec = change.putObject("spec").put("enabled", enabled);
        if (version != null) {
            spec.put("version", version);
        }
        String phase = feature.path("status").path("phase").asText();
        if (enabled && (phase.equals("Failed") || phase.equals("RolledBack"))) {
            // What failed is not tried again by itself.
            change.putObject("metadata")
                    .putObject("annotations")
                    .put(REQUESTED, Instant.now().toString());
        }
        return features.patch(name, change);
    }

    /**
     * Reads a feature that must be there.
     *
     * @param name its name
     * @return the Feature
     * @throws IOException with the names that there are, if there is none of this
     */
    JsonNode required(String name) throws IOException, InterruptedException {
        JsonNode feature = features.find(name).orElse(null);
        if (feature != null) {
            return feature;
        }
        List<String> names = new ArrayList<>();
        for (JsonNode each : features.list().path("items")) {
            names.add(each.path("metadata").path("name").asText());
        }
        throw new IOException("there is no feature " + name + "; there are: " + String.join(", ", names));
    }

    /**
     * Waits until a feature has become what was asked for, or can't.
     *
     * @param asked the Feature as it was asked for
     * @param patience how long
     * @param progress told of each phase
     * @return the Feature then
     * @throws IOException if it did not within that time
     */
    JsonNode await(JsonNode asked, Duration patience, Consumer<String> progress)
            throws IOException, InterruptedException {
        String name = asked.path("metadata").path("name").asText();
        long generation = asked.path("metadata").path("generation").asLong();
        String request =
                asked.path("metadata").path("annotations").path(REQUESTED).asText();
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonNode feature = required(name);
            JsonNode status = feature.path("status");
            String phase = status.path("phase").asText("Pending");
            boolean seen = status.path("observedGeneration").asLong() >= generation
                    && (request.isEmpty()
                            || status.path("observedRequest").asText().equals(request));
            progress.accept(seen ? phase : "Pending");
            if (seen && SETTLED.contains(phase)) {
                return feature;
            }
            if (System.nanoTime() > deadline) {
                String message = status.path("message").asText();
                throw new IOException(name + " is still " + phase + " after " + patience.toSeconds() + " s"
                        + (message.isEmpty() ? "" : ": " + message));
            }
            Thread.sleep(INTERVAL);
        }
    }
}
