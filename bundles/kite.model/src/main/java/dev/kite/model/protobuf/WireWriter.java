package dev.kite.model.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes protobuf backwards, so that a message's length is known when its tag is due. */
final class WireWriter {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;

    private byte[] buffer;
    private int start;

    WireWriter() {
        this(1024);
    }

    /** A writer with room for that many bytes; it grows. */
    WireWriter(int room) {
        buffer = new byte[Math.max(8, room)];
        start = buffer.length;
    }

    /** How much is written; a message's length is the difference of two such positions. */
    int position() {
        return buffer.length - start;
    }

    private void reserve(int count) {
        if (start >= count) {
            return;
        }
        int used = position();
        int size = Math.max(buffer.length * 2, Math.addExact(used, count));
        byte[] larger = new byte[size];
        System.arraycopy(buffer, start, larger, size - used, used);
        buffer = larger;
        start = size - used;
    }

    void varint(long value) {
        int length = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
        reserve(length);
        start -= length;
        long rest = value;
        for (int i = 0; i < length - 1; i++) {
            buffer[start + i] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        buffer[start + length - 1] = (byte) rest;
    }

    void fixed64(long value) {
        reserve(8);
        start -= 8;
        for (int i = 0; i < 8; i++) {
            buffer[start + i] = (byte) (value >>> (8 * i));
        }
    }

    void raw(byte[] bytes) {
        reserve(bytes.length);
        start -= bytes.length;
        System.arraycopy(bytes, 0, buffer, start, bytes.length);
    }

    /** All that another writer holds. */
    void raw(WireWriter other) {
        int length = other.position();
        reserve(length);
        start -= length;
        System.arraycopy(other.buffer, other.start, buffer, start, length);
    }

    void tag(int number, int wireType) {
        varint(((long) number << 3) | wireType);
    }

    /** Length and tag of what was written since {@code position}. */
    void close(int number, int position) {
        varint(position() - position);
        tag(number, BYTES);
    }

    void bytesField(int number, byte[] bytes) {
        raw(bytes);
        varint(bytes.length);
        tag(number, BYTES);
    }

    void stringField(int number, String text) {
        bytesField(number, text.getBytes(StandardCharsets.UTF_8));
    }

    void varintField(int number, long value) {
        varint(value);
        tag(number, VARINT);
    }

    byte[] toByteArray() {
        return Arrays.copyOfRange(buffer, start, buffer.length);
    }
}
