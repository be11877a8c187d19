package dev.kite.security.encryption;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The little of protobuf's wire format that KMS v2 uses: strings, bytes, enums and maps of bytes. */
final class Wire {
    private static final int BYTES = 2;

    private Wire() {}

    /** Writes fields in the order of its calls. Not thread-safe. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer bytes(int field, byte[] value) {
            // An empty value is proto3's default, which is not written.
            return value.length == 0 ? this : whole(field, value);
        }

        Writer text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Writer number(int field, int value) {
            if (value != 0) {
                varint(field << 3);
                varint(value);
            }
            return this;
        }

        Writer map(int field, Map<String, byte[]> entries) {
            entries.forEach((key, value) ->
                    whole(field, new Writer().text(1, key).bytes(2, value).done()));
            return this;
        }

        private Writer whole(int field, byte[] value) {
            varint((field << 3) | BYTES);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        private void varint(int value) {
            int left = value;
            while ((left & ~0x7f) != 0) {
                out.write((left & 0x7f) | 0x80);
                left >>>= 7;
            }
            out.write(left);
        }

        byte[] done() {
            return out.toByteArray();
        }
    }

    /** What is told of each field. */
    interface Fields {
        /** A field of bytes, text or a message. */
        void bytes(int field, byte[] value);

        /** A field of a number. */
        void number(int field, long value);
    }

    /** Reads a message; throws IllegalStateException where it is malformed. */
    static void read(byte[] message, Fields fields) {
        new Reader(message).read(fields);
    }

    /** Reads one entry of a map. */
    static void entry(byte[] entry, Map<String, byte[]> into) {
        String[] key = {""};
        byte[][] value = {new byte[0]};
        read(entry, new Fields() {
            @Override
            public void bytes(int field, byte[] bytes) {
                if (field == 1) {
                    key[0] = new String(bytes, StandardCharsets.UTF_8);
                } else if (field == 2) {
                    value[0] = bytes;
                }
            }

            @Override
            public void number(int field, long number) {
                throw new IllegalStateException("a map's entry holds a number");
            }
        });
        into.put(key[0], value[0]);
    }

    private static final class Reader {
        private final byte[] message;
        private int at;

        Reader(byte[] message) {
            this.message = message;
        }

        void read(Fields fields) {
            while (at < message.length) {
                long tag = varint();
                int field = (int) (tag >>> 3);
                switch ((int) (tag & 7)) {
                    case 0 -> fields.number(field, varint());
                    case 1 -> skip(8);
                    case BYTES -> {
                        long length = varint();
                        if (length < 0 || length > message.length - at) {
                            throw new IllegalStateException("a message is cut off");
                        }
                        int from = at;
                        skip((int) length);
                        fields.bytes(field, Arrays.copyOfRange(message, from, at));
                    }
                    case 5 -> skip(4);
                    default -> throw new IllegalStateException("a message has a field of an unknown type");
                }
            }
        }

        private void skip(int length) {
            if (length > message.length - at) {
                throw new IllegalStateException("a message is cut off");
            }
            at += length;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (at >= message.length) {
                    throw new IllegalStateException("a message is cut off");
                }
                byte next = message[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalStateException("a message has a number that never ends");
        }
    }
}
