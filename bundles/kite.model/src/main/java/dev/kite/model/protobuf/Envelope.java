package dev.kite.model.protobuf;

import java.util.Arrays;

/**
 * What surrounds a message on the wire and at rest: four magic bytes, then apiVersion and kind, the message, and how the
 * message is encoded.
 *
 * <pre>
 * "k8s" 0, Unknown { 1: TypeMeta { 1: apiVersion, 2: kind }, 2: message, 3: contentEncoding, 4: contentType }
 * </pre>
 *
 * @param apiVersion as the sender says
 * @param kind as the sender says
 * @param message the message's bytes; the array is the caller's and not copied
 * @param contentType empty for protobuf, else what {@code message} is
 */
public record Envelope(String apiVersion, String kind, byte[] message, String contentType) {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    /** Whether the bytes start as an envelope does. */
    public static boolean isEnvelope(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** A message in its envelope. */
    public static byte[] seal(String apiVersion, String kind, byte[] message) {
        WireWriter out = new WireWriter(message.length);
        out.raw(message);
        return seal(apiVersion, kind, out, 0);
    }

    /** Puts the envelope around what {@code out} holds since {@code position}. */
    static byte[] seal(String apiVersion, String kind, WireWriter message, int position) {
        WireWriter out = new WireWriter(message.position() + 128);
        end(out);
        out.raw(message);
        out.varint(message.position() - position);
        out.tag(2, WireWriter.BYTES);
        start(out, apiVersion, kind);
        return out.toByteArray();
    }

    /** Writes what follows the message: no encoding, and protobuf as its type. */
    static void end(WireWriter out) {
        out.stringField(4, "");
        out.stringField(3, "");
    }

    /** Writes what precedes the message. */
    static void start(WireWriter out, String apiVersion, String kind) {
        int type = out.position();
        out.stringField(2, kind);
        out.stringField(1, apiVersion);
        out.close(1, type);
        out.raw(MAGIC);
    }

    /**
     * Opens an envelope.
     *
     * @throws ProtobufException where it is none
     */
    public static Envelope open(byte[] bytes) {
        if (!isEnvelope(bytes)) {
            throw new ProtobufException("the magic bytes k8s\\0 are not there");
        }
        WireReader in = new WireReader(bytes, MAGIC.length, bytes.length);
        String[] type = {"", ""};
        byte[] message = new byte[0];
        String contentType = "";
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case (1 << 3) | WireWriter.BYTES -> readType(in.message(), type);
                case (2 << 3) | WireWriter.BYTES -> message = in.bytes();
                case (3 << 3) | WireWriter.BYTES -> {
                    if (!in.string().isEmpty()) {
                        throw new ProtobufException("the message has a content encoding");
                    }
                }
                case (4 << 3) | WireWriter.BYTES -> contentType = in.string();
                default -> in.skip(tag & 7);
            }
        }
        return new Envelope(type[0], type[1], message, contentType);
    }

    private static void readType(WireReader in, String[] type) {
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case (1 << 3) | WireWriter.BYTES -> type[0] = in.string();
                case (2 << 3) | WireWriter.BYTES -> type[1] = in.string();
                default -> in.skip(tag & 7);
            }
        }
    }
}
