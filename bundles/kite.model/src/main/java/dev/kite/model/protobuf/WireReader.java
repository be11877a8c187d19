package dev.kite.model.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads protobuf within bounds; every length is checked against what is left. */
final class WireReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    WireReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    boolean more() {
        return at < end;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = next();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new ProtobufException("a number of more than 64 bits");
    }

    int tag() {
        long tag = varint();
        if (tag < 8 || tag > 0xffff_ffffL) {
            throw new ProtobufException("no field has the number " + (tag >>> 3));
        }
        return (int) tag;
    }

    private byte next() {
        if (at >= end) {
            throw new ProtobufException("the message ends within a field");
        }
        return bytes[at++];
    }

    long fixed64() {
        int from = take(8);
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = (value << 8) | (bytes[from + i] & 0xff);
        }
        return value;
    }

    /** A reader of the length-delimited field that starts here; this one goes on after it. */
    WireReader message() {
        int length = length();
        int from = take(length);
        return new WireReader(bytes, from, from + length);
    }

    byte[] bytes() {
        int length = length();
        int from = take(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    String string() {
        int length = length();
        int from = take(length);
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw new ProtobufException(
                    "a field of " + Long.toUnsignedString(length) + " bytes where " + (end - at) + " are left");
        }
        return (int) length;
    }

    private int take(int count) {
        if (count > end - at) {
            throw new ProtobufException("the message ends within a field");
        }
        int from = at;
        at += count;
        return from;
    }

    void skip(int wireType) {
        switch (wireType) {
            case 0 -> varint();
            case 1 -> take(8);
            case 2 -> take(length());
            case 5 -> take(4);
            default -> throw new ProtobufException("a field of wire type " + wireType);
        }
    }
}
