package dev.kite.apiserver.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ObjectShape;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.storage.View;
import dev.kite.store.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Events whose objects are served in another form than that in which they are stored: tables, metadata alone, other versions, protobuf, YAML. */
final class TranscodingFrames implements Frames {
    private final OutputStream out;
    private final Accepted accepted;
    private final Responder responder;
    private final ObjectShape shape;

    TranscodingFrames(OutputStream out, Accepted accepted, Responder responder, ObjectShape shape) {
        this.out = out;
        this.accepted = accepted;
        this.responder = responder;
        this.shape = shape;
    }

    @Override
    public void stored(Type type, Entry entry, View view, long revision) throws IOException {
        write(type, shape.of(Trees.of(entry.bytes(), revision)));
    }

    @Override
    public void tree(Type type, ObjectNode object) throws IOException {
        write(type, type == Type.BOOKMARK ? shape.bookmark(object) : object);
    }

    private void write(Type type, ObjectNode object) throws IOException {
        switch (accepted.encoding()) {
            case JSON -> {
                out.write(Trees.write(event(type, object)));
                out.write('\n');
            }
            case YAML -> {
                out.write("---\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                out.write(responder.encode(accepted, event(type, object)));
            }
            case PROTOBUF -> protobuf(type, responder.codec().encode(object));
        }
    }

    private static ObjectNode event(Type type, ObjectNode object) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("type", type.name());
        event.set("object", object);
        return event;
    }

    /**
     * A frame: four bytes of length, then a meta.v1 WatchEvent without envelope: field 1 the type, field 2 a RawExtension whose field 1 is the object's
     * envelope.
     */
    private void protobuf(Type type, byte[] envelope) throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream(envelope.length + 8);
        field(raw, 1, envelope);
        ByteArrayOutputStream frame = new ByteArrayOutputStream(raw.size() + 24);
        field(frame, 1, type.name().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        field(frame, 2, raw.toByteArray());
        int length = frame.size();
        out.write(length >>> 24);
        out.write(length >>> 16);
        out.write(length >>> 8);
        out.write(length);
        frame.writeTo(out);
    }

    private static void field(ByteArrayOutputStream into, int number, byte[] bytes) {
        into.write(number << 3 | 2);
        int left = bytes.length;
        while (left > 0x7f) {
            into.write((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        into.write(left);
        into.writeBytes(bytes);
    }
}
