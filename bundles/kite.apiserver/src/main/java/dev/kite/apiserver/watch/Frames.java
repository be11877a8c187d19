package dev.kite.apiserver.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.View;
import dev.kite.store.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/** Writes a watch's events in the form that its client accepts. Belongs to one watch; not thread-safe. */
interface Frames {
    /** How a change looks through the watch's selection. */
    enum Type {
        /** An object is there, or came into the selection. */
        ADDED,
        /** An object changed. */
        MODIFIED,
        /** An object is gone, or left the selection. */
        DELETED,
        /** Nothing but a revision. */
        BOOKMARK,
        /** The watch ends with a Status. */
        ERROR
    }

    /** What follows an event's object in JSON. */
    byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

    /** What precedes an event's object in JSON. */
    static byte[] start(Type type) {
        return java.util.Objects.requireNonNull(Starts.BYTES.get(type));
    }

    /** Writes an event with a stored object as of a revision, which is a delete's own where it was deleted. */
    void stored(Type type, Entry entry, View view, long revision) throws IOException;

    /** Writes an event with a tree: a bookmark or a Status. */
    void tree(Type type, ObjectNode object) throws IOException;

    /** The starts, each made once. */
    final class Starts {
        private static final Map<Type, byte[]> BYTES = new EnumMap<>(Type.class);

        static {
            for (Type type : Type.values()) {
                BYTES.put(type, ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
            }
        }

        private Starts() {}
    }
}
