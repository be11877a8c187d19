package dev.kite.apiserver.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ObjectShape;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.storage.View;
import dev.kite.model.protobuf.ProtobufCodec;
import dev.kite.store.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Events whose objects are served in another form than that in which they are stored: tables, metadata alone, other versions, protobuf. A frame is made once
 * and shared by all watches of the same form.
 */
final class TranscodingFrames implements Frames {
    private final OutputStream out;
    private final Accepted accepted;
    private final Responder responder;
    private final ObjectShape shape;
    private final Transcodings shared;

    /** What a frame depends on beside its object. */
    private record Form(Type type, ObjectShape.Form shape) {}

    TranscodingFrames(
            OutputStream out, Accepted accepted, Responder responder, ObjectShape shape, Transcodings shared) {
        this.out = out;
        this.accepted = accepted;
        this.responder = responder;
        this.shape = shape;
        this.shared = shared;
    }

    @Override
    public void stored(Type type, Entry entry, View view, long revision) throws IOException {
        Form form = new Form(type, shape.form());
        out.write(shared.frame(
                view, revision, form, () -> frame(type, shape.of(form.shape(), Trees.of(entry.bytes(), revision)))));
        shape.sent();
    }

    @Override
    public void tree(Type type, ObjectNode object) throws IOException {
        if (type == Type.BOOKMARK) {
            out.write(frame(type, shape.bookmark(object)));
            shape.sent();
        } else {
            out.write(frame(type, object));
        }
    }

    private byte[] frame(Type type, ObjectNode object) {
        if (accepted.encoding() == Accepted.Encoding.PROTOBUF) {
            return ProtobufCodec.watchFrame(type.name(), responder.codec().encode(object));
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream(1024);
        frame.writeBytes(Frames.start(type));
        frame.writeBytes(Trees.write(object));
        frame.writeBytes(Frames.END);
        return frame.toByteArray();
    }
}
