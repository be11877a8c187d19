package dev.kite.features;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A feature's outcome as the status of its object. */
final class FeatureStatus {
    private FeatureStatus() {}

    /**
     * Makes the status.
     *
     * @param object the Feature
     * @param outcome how the feature is
     * @param now the time
     * @return the status; fields that are to go are null, as a merge patch has them
     */
    static ObjectNode of(ObjectNode object, Outcome outcome, Instant now) {
        ObjectNode status = phase(object, outcome.phase());
        put(status, "version", outcome.version());
        put(status, "previousVersion", outcome.previousVersion());
        put(status, "message", outcome.message());
        var bundles = status.putArray("bundles");
        outcome.bundles().forEach(bundles::add);
        ObjectNode ready = status.putArray("conditions").addObject();
        String truth = outcome.phase() == Phase.ENABLED ? "True" : "False";
        JsonNode before = object.path("status").path("conditions").path(0);
        String since = before.path("status").asText().equals(truth)
                ? before.path("lastTransitionTime").asText()
                : now.truncatedTo(ChronoUnit.SECONDS).toString();
        ready.put("type", "Ready")
                .put("status", truth)
                .put("reason", outcome.phase().word())
                .put("message", outcome.message())
                .put("lastTransitionTime", since)
                .put("observedGeneration", generation(object));
        return status;
    }

    /**
     * Makes the part of the status that tells of progress.
     *
     * @param object the Feature
     * @param phase its phase
     * @return the part
     */
    static ObjectNode phase(ObjectNode object, Phase phase) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("phase", phase.word());
        status.put("observedGeneration", generation(object));
        put(
                status,
                "observedRequest",
                object.path("metadata")
                        .path("annotations")
                        .path(FeatureController.REQUESTED)
                        .asText());
        return status;
    }

    private static long generation(ObjectNode object) {
        return object.path("metadata").path("generation").asLong();
    }

    private static void put(ObjectNode status, String field, String value) {
        if (value.isEmpty()) {
            status.putNull(field);
        } else {
            status.put(field, value);
        }
    }

    /** Whether an object's status says this already. */
    static boolean said(ObjectNode object, ObjectNode status) {
        JsonNode there = object.path("status");
        return status.properties().stream()
                .allMatch(field -> field.getValue().isNull()
                        ? !there.has(field.getKey())
                        : field.getValue().equals(comparable(there.path(field.getKey()), field.getValue())));
    }

    /** Numbers that were read are of the smallest type that holds them. */
    private static JsonNode comparable(JsonNode there, JsonNode wanted) {
        return there.toString().equals(wanted.toString()) ? wanted : there;
    }
}
