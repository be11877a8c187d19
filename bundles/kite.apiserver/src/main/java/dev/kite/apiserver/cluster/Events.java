package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.tree.Tree;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of the server's own loops. What was said of an object is not said again while this server runs. Thread-safe. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final Writes.Kind KIND = new Writes.Kind("", "events");
    private static final int REMEMBERED = 1000;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Writes writes;
    private final String hostName;
    private final Map<String, Boolean> said = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    Events(Writes writes, String hostName) {
        this.writes = writes;
        this.hostName = hostName;
    }

    /**
     * What an event says.
     *
     * @param controller who says it
     * @param reason why, one word
     * @param action what was done, one word
     * @param note in words
     */
    record Note(String controller, String reason, String action, String note) {}

    /** Warns of an object, in its stored form. */
    void warn(ObjectNode object, String apiVersion, String kind, Note note) {
        String uid = Tree.text(object, "metadata", "uid");
        synchronized (said) {
            if (said.put(uid + " " + note.reason() + " " + note.note(), true) != null) {
                return;
            }
        }
        LOG.warn("{}", note.note());
        try {
            String namespace = Tree.text(object, "metadata", "namespace");
            writes.create(KIND, namespace.isEmpty() ? "default" : namespace, event(object, apiVersion, kind, note));
        } catch (StatusException e) {
            LOG.debug("an event is lost", e);
        }
    }

    private ObjectNode event(ObjectNode object, String apiVersion, String kind, Note note) {
        Instant now = writes.now();
        String name = Tree.text(object, "metadata", "name");
        String namespace = Tree.text(object, "metadata", "namespace");
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put(
                        "name",
                        name + "."
                                + Long.toHexString(
                                        now.getEpochSecond() * 1_000_000_000L + System.nanoTime() % 1_000_000_000L))
                .put("namespace", namespace.isEmpty() ? "default" : namespace);
        ObjectNode involved = event.putObject("involvedObject");
        involved.put("apiVersion", apiVersion).put("kind", kind).put("name", name);
        if (!namespace.isEmpty()) {
            involved.put("namespace", namespace);
        }
        involved.put("uid", Tree.text(object, "metadata", "uid"));
        involved.put("resourceVersion", Tree.text(object, "metadata", "resourceVersion"));
        event.put("type", "Warning").put("reason", note.reason()).put("action", note.action());
        event.put("message", note.note());
        event.put("eventTime", MICROS.format(now));
        event.put("reportingComponent", note.controller());
        event.put("reportingInstance", note.controller() + "-" + hostName);
        return event;
    }
}
