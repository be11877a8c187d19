package dev.kite.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one netlink request (header, family header, attributes: netlink(7)) and reads attributes. In the host's byte order. Not thread-safe. */
final class NetlinkMessage {
    static final int HEADER = 16;
    static final int REQUEST = 1;
    static final int ACK = 4;
    static final int DUMP = 0x300;
    static final int REPLACE = 0x100;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;
    static final int APPEND = 0x800;

    private ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());

    NetlinkMessage(int type, int flags) {
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) (flags | REQUEST))
                .putLong(0);
    }

    NetlinkMessage u8(int... values) {
        for (int value : values) {
            room(1).put((byte) value);
        }
        return this;
    }

    NetlinkMessage u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    NetlinkMessage u32(int value) {
        room(4).putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        room(4 + value.length + 3).putShort((short) (4 + value.length)).putShort((short) type);
        buffer.put(value);
        pad();
        return this;
    }

    NetlinkMessage text(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    NetlinkMessage number(int type, int value) {
        return attribute(
                type,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    /** A port, in network order as it is on the wire. */
    NetlinkMessage port(int type, int value) {
        return attribute(type, new byte[] {(byte) (value >> 8), (byte) value});
    }

    NetlinkMessage flag(int type, boolean value) {
        return attribute(type, new byte[] {(byte) (value ? 1 : 0)});
    }

    /** An attribute that holds others, or a family header and others. */
    NetlinkMessage nested(int type, Runnable content) {
        int start = room(4).position();
        buffer.putShort((short) 0).putShort((short) type);
        content.run();
        buffer.putShort(start, (short) (buffer.position() - start));
        pad();
        return this;
    }

    byte[] finish(int sequence) {
        buffer.putInt(0, buffer.position()).putInt(8, sequence);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes + 4) {
            ByteBuffer larger =
                    ByteBuffer.allocate(buffer.capacity() * 2 + bytes).order(ByteOrder.nativeOrder());
            buffer = larger.put(buffer.flip());
        }
        return buffer;
    }

    private void pad() {
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
    }

    /** Reads the attributes from the buffer's position to its limit; stops at the first that claims more bytes than there are. */
    static Map<Integer, ByteBuffer> attributes(ByteBuffer from) {
        Map<Integer, ByteBuffer> found = new HashMap<>();
        int at = from.position();
        while (at + 4 <= from.limit()) {
            int length = Short.toUnsignedInt(from.getShort(at));
            int type =
                    Short.toUnsignedInt(from.getShort(at + 2)) & 0x3fff; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER
            if (length < 4 || at + length > from.limit()) {
                break;
            }
            found.put(type, from.slice(at + 4, length - 4).order(ByteOrder.nativeOrder()));
            at += length + 3 & ~3;
        }
        return found;
    }

    static byte @Nullable [] bytes(@Nullable ByteBuffer value) {
        if (value == null) {
            return null;
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(value.position(), bytes);
        return bytes;
    }

    static String text(@Nullable ByteBuffer value) {
        byte[] bytes = bytes(value);
        if (bytes == null) {
            return "";
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    static int number(@Nullable ByteBuffer value, int otherwise) {
        return value == null || value.remaining() < 4 ? otherwise : value.getInt(value.position());
    }
}
