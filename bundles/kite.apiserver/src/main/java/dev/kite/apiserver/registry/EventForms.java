package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Between core's Event, as which events are stored, and events.k8s.io's: the same fields under other names. Stateless. */
final class EventForms {
    private static final Map<String, String> CORE_TO_EVENTS = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount",
            "reportingComponent", "reportingController");

    private EventForms() {}

    static void serve(ObjectNode event) {
        CORE_TO_EVENTS.forEach((core, events) -> rename(event, core, events));
    }

    static void store(ObjectNode event) {
        CORE_TO_EVENTS.forEach((core, events) -> rename(event, events, core));
        event.putIfAbsent("involvedObject", event.objectNode());
    }

    private static void rename(ObjectNode event, String from, String to) {
        JsonNode value = event.remove(from);
        if (value != null) {
            event.set(to, value);
        }
    }
}
