package dev.kite.security.pki;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads DER, strictly: definite, shortest lengths, low tag numbers. Every malformed input ends in an {@link IllegalArgumentException}; nothing is allocated beyond the
 * input's own size.
 */
final class DerReader {
    private final byte[] data;
    private final int end;
    private int position;

    /** One value: its tag, and where its content and its whole encoding are. */
    static final class Value {
        private final int tag;
        private final byte[] data;
        private final int start;
        private final int contentStart;
        private final int end;

        private Value(int tag, byte[] data, int start, int contentStart, int end) {
            this.tag = tag;
            this.data = data;
            this.start = start;
            this.contentStart = contentStart;
            this.end = end;
        }

        int tag() {
            return tag;
        }

        byte[] content() {
            return Arrays.copyOfRange(data, contentStart, end);
        }

        byte[] encoded() {
            return Arrays.copyOfRange(data, start, end);
        }

        DerReader reader() {
            return new DerReader(data, contentStart, end);
        }

        boolean is(int wanted) {
            return tag == wanted;
        }
    }

    DerReader(byte[] data) {
        this(data, 0, data.length);
    }

    private DerReader(byte[] data, int start, int end) {
        this.data = data;
        this.position = start;
        this.end = end;
    }

    boolean hasMore() {
        return position < end;
    }

    Value next() {
        int start = position;
        int tag = take();
        if ((tag & 0x1f) == 0x1f) {
            throw new IllegalArgumentException("DER: a tag number above 30");
        }
        int length = length();
        if (length > end - position) {
            throw new IllegalArgumentException("DER: a value ends after its container");
        }
        int contentStart = position;
        position += length;
        return new Value(tag, data, start, contentStart, position);
    }

    Value next(int tag) {
        Value value = next();
        if (value.tag() != tag) {
            throw new IllegalArgumentException("DER: tag " + value.tag() + " where " + tag + " belongs");
        }
        return value;
    }

    /** Enters a SEQUENCE. */
    DerReader sequence() {
        return next(Der.SEQUENCE).reader();
    }

    BigInteger integer() {
        byte[] content = next(Der.INTEGER).content();
        if (content.length == 0) {
            throw new IllegalArgumentException("DER: an empty INTEGER");
        }
        return new BigInteger(content);
    }

    byte[] bits() {
        byte[] content = next(Der.BIT_STRING).content();
        if (content.length == 0 || content[0] != 0) {
            throw new IllegalArgumentException("DER: a BIT STRING that is not of whole bytes");
        }
        return Arrays.copyOfRange(content, 1, content.length);
    }

    String oid() {
        byte[] content = next(Der.OID).content();
        if (content.length == 0 || content.length > 64 || content[content.length - 1] < 0) {
            throw new IllegalArgumentException("DER: a malformed OBJECT IDENTIFIER");
        }
        var text = new StringBuilder();
        BigInteger value = BigInteger.ZERO;
        boolean first = true;
        for (byte b : content) {
            value = value.shiftLeft(7).or(BigInteger.valueOf(b & 0x7f));
            if (b >= 0) {
                if (first) {
                    long root = Math.min(2, value.longValueExact() / 40);
                    text.append(root).append('.').append(value.longValueExact() - root * 40);
                    first = false;
                } else {
                    text.append('.').append(value);
                }
                value = BigInteger.ZERO;
            }
        }
        return text.toString();
    }

    void finished() {
        if (hasMore()) {
            throw new IllegalArgumentException("DER: bytes after the value's end");
        }
    }

    /** All values that are left. */
    List<Value> rest() {
        List<Value> values = new ArrayList<>();
        while (hasMore()) {
            values.add(next());
        }
        return values;
    }

    /** The text of a string value, of whichever of the string types certificates use. */
    static String text(Value value) {
        return switch (value.tag()) {
            case Der.UTF8_STRING, 0x12, 0x13, 0x14, 0x16 -> new String(value.content(), StandardCharsets.UTF_8);
            case 0x1e -> new String(value.content(), StandardCharsets.UTF_16BE);
            default -> throw new IllegalArgumentException("DER: tag " + value.tag() + " is no string");
        };
    }

    private int length() {
        int first = take();
        if (first < 0x80) {
            return first;
        }
        int bytes = first & 0x7f;
        if (bytes == 0 || bytes > 4) {
            throw new IllegalArgumentException("DER: an indefinite or huge length");
        }
        long length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | take();
        }
        if (length < 0x80 || length >>> (8 * (bytes - 1)) == 0 || length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("DER: a length that is not in its shortest form");
        }
        return (int) length;
    }

    private int take() {
        if (position >= end) {
            throw new IllegalArgumentException("DER: truncated");
        }
        return data[position++] & 0xff;
    }
}
