package dev.kite.apiserver.openapi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes protobuf fields: strings, booleans, numbers and messages. Confined to its thread. */
final class ProtoWriter {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] bytes() {
        return out.toByteArray();
    }

    /** A string, left out when empty. */
    ProtoWriter text(int field, String value) {
        if (!value.isEmpty()) {
            element(field, value);
        }
        return this;
    }

    /** An element of a list of strings, written even when empty. */
    void element(int field, String value) {
        lengthDelimited(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A boolean, left out when false. */
    ProtoWriter flag(int field, boolean value) {
        if (value) {
            key(field, VARINT);
            out.write(1);
        }
        return this;
    }

    /** A member of a oneof, written even when false. */
    void choice(int field, boolean value) {
        key(field, VARINT);
        out.write(value ? 1 : 0);
    }

    /** A number, left out when zero. */
    void number(int field, long value) {
        if (value != 0) {
            key(field, VARINT);
            varint(value);
        }
    }

    /** A floating-point number, left out when zero. */
    void real(int field, double value) {
        if (value != 0) {
            realChoice(field, value);
        }
    }

    /** A member of a oneof, written even when zero. */
    void realChoice(int field, double value) {
        key(field, FIXED64);
        long bits = Double.doubleToLongBits(value);
        for (int i = 0; i < 8; i++) {
            out.write((int) (bits >>> (8 * i)) & 0xff);
        }
    }

    /** A message, written even when empty. */
    void message(int field, Consumer<ProtoWriter> body) {
        ProtoWriter inner = new ProtoWriter();
        body.accept(inner);
        lengthDelimited(field, inner.bytes());
    }

    private void lengthDelimited(int field, byte[] bytes) {
        key(field, LENGTH);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    private void key(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
