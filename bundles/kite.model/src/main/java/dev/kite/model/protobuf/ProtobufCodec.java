package dev.kite.model.protobuf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.Struct;
import dev.kite.model.StructType;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.nio.ByteBuffer;

/**
 * Protobuf of built-in types, in Kubernetes' envelope, byte for byte as Kubernetes writes it. Unknown fields are skipped;
 * nesting is bounded. Safe for all threads. All methods throw {@link ProtobufException} on bytes or trees of another type.
 */
public final class ProtobufCodec {
    /** The media type of enveloped messages. */
    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private ProtobufCodec() {}

    /** An object in its envelope; a type that is no kind gets one without apiVersion and kind. */
    public static byte[] encode(Struct value) {
        StructDescriptor type = value.structType().descriptor();
        if (!type.topLevel()) {
            return Envelope.seal("", "", message(value));
        }
        String kind = value.get(0) instanceof String k ? k : type.kind();
        String apiVersion = value.get(1) instanceof String v ? v : type.apiVersion();
        return Envelope.seal(apiVersion, kind, message(value));
    }

    /** An object's message, without an envelope. */
    public static byte[] message(Struct value) {
        WireWriter out = new WireWriter();
        new Encoder(new StructSource(), out)
                .message(Message.of(value.structType().descriptor()), value);
        return out.toByteArray();
    }

    /** A tree in its envelope; apiVersion and kind are the tree's, or the type's where it has none. */
    public static byte[] encodeTree(ObjectNode tree, StructDescriptor type) {
        if (!type.topLevel()) {
            return Envelope.seal("", "", message(tree, type));
        }
        String kind = tree.path("kind").asText(type.kind());
        String apiVersion = tree.path("apiVersion").asText(type.apiVersion());
        return Envelope.seal(apiVersion, kind, message(tree, type));
    }

    /** A tree's message, without an envelope. */
    public static byte[] message(ObjectNode tree, StructDescriptor type) {
        WireWriter out = new WireWriter();
        new Encoder(new TreeSource(), out).message(Message.of(type), tree);
        return out.toByteArray();
    }

    /**
     * JSON to an enveloped message.
     *
     * @throws dev.kite.model.json.JsonCodecException where it is no JSON object
     */
    public static byte[] jsonToProtobuf(byte[] json, StructDescriptor type) {
        return encodeTree(JsonTrees.readObject(json), type);
    }

    /** An enveloped message to compact JSON. */
    public static byte[] protobufToJson(byte[] envelope, StructDescriptor type) {
        return JsonTrees.write(decodeTree(envelope, type));
    }

    /** An enveloped message of this class. */
    public static <T extends Struct> T decode(byte[] envelope, StructType<T> type) {
        Envelope opened = Envelope.open(envelope);
        return type.cast(read(opened, type.descriptor(), new StructSink()));
    }

    /** An enveloped message of this type to a tree as Kubernetes would write it. */
    public static ObjectNode decodeTree(byte[] envelope, StructDescriptor type) {
        Envelope opened = Envelope.open(envelope);
        if (opened.contentType().startsWith("application/json")) {
            return JsonTrees.readObject(opened.message());
        }
        return (ObjectNode) read(opened, type, new TreeSink());
    }

    /** An enveloped message of any built-in kind to a tree. */
    public static ObjectNode decodeTree(byte[] envelope) {
        Envelope opened = Envelope.open(envelope);
        if (opened.contentType().startsWith("application/json")) {
            return JsonTrees.readObject(opened.message());
        }
        StructDescriptor type = Schema.builtIn().kindOf(opened.apiVersion(), opened.kind());
        if (type == null) {
            throw new ProtobufException("no built-in kind " + opened.kind() + " in " + opened.apiVersion());
        }
        return (ObjectNode) read(opened, type, new TreeSink());
    }

    /** A message without an envelope to a tree. */
    public static ObjectNode messageToTree(byte[] message, StructDescriptor type) {
        return (ObjectNode) new Decoder(new TreeSink()).struct(type, new WireReader(message, 0, message.length));
    }

    private static Object read(Envelope opened, StructDescriptor type, Sink sink) {
        byte[] message = opened.message();
        return new Decoder(sink)
                .topLevel(type, new WireReader(message, 0, message.length), opened.apiVersion(), opened.kind());
    }

    /**
     * One frame of a protobuf watch: four bytes of length, most significant first, then a WatchEvent message (without an
     * envelope) that holds the object in its envelope.
     *
     * @param type ADDED, MODIFIED, DELETED, BOOKMARK or ERROR
     * @param envelope the object, or a Status for ERROR
     */
    public static byte[] watchFrame(String type, byte[] envelope) {
        WireWriter out = new WireWriter();
        int object = out.position();
        out.bytesField(1, envelope);
        out.close(2, object);
        out.stringField(1, type);
        byte[] event = out.toByteArray();
        return ByteBuffer.allocate(4 + event.length)
                .putInt(event.length)
                .put(event)
                .array();
    }

    /** What {@link #watchFrame} wrote, without its four bytes of length. */
    public static WatchEvent readWatchEvent(byte[] event) {
        WireReader in = new WireReader(event, 0, event.length);
        String type = "";
        byte[] object = new byte[0];
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case (1 << 3) | WireWriter.BYTES -> type = in.string();
                case (2 << 3) | WireWriter.BYTES -> {
                    WireReader raw = in.message();
                    while (raw.more()) {
                        int inner = raw.tag();
                        if (inner == ((1 << 3) | WireWriter.BYTES)) {
                            object = raw.bytes();
                        } else {
                            raw.skip(inner & 7);
                        }
                    }
                }
                default -> in.skip(tag & 7);
            }
        }
        return new WatchEvent(type, object);
    }

    /**
     * An event of a watch.
     *
     * @param type ADDED, MODIFIED, DELETED, BOOKMARK or ERROR
     * @param object the object as it came, enveloped; not copied
     */
    public record WatchEvent(String type, byte[] object) {}
}
