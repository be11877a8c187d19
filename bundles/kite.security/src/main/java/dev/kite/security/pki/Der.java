package dev.kite.security.pki;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the Distinguished Encoding Rules of ASN.1 (X.690), as far as certificates need them. */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OID = 0x06;
    static final int UTF8_STRING = 0x0c;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    private static final int BOOLEAN = 0x01;
    private static final byte[] NULL = {0x05, 0x00};

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** RFC 5280, 4.1.2.5: dates through 2049 are UTCTime. */
    private static final Instant END_OF_UTC_TIME = Instant.parse("2050-01-01T00:00:00Z");

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(SEQUENCE, concat(parts));
    }

    static byte[] set(byte[]... parts) {
        return tagged(SET, concat(parts));
    }

    static byte[] integer(BigInteger value) {
        return tagged(INTEGER, value.toByteArray());
    }

    static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    static byte[] bool(boolean value) {
        return tagged(BOOLEAN, new byte[] {(byte) (value ? 0xff : 0)});
    }

    static byte[] nothing() {
        return NULL.clone();
    }

    static byte[] octets(byte[] value) {
        return tagged(OCTET_STRING, value);
    }

    static byte[] utf8(String value) {
        return tagged(UTF8_STRING, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A BIT STRING of whole bytes. */
    static byte[] bits(byte[] value) {
        return tagged(BIT_STRING, concat(new byte[] {0}, value));
    }

    /** A BIT STRING of named bits: bit 0 is the highest, trailing zero bits are left out (X.690, 11.2.2). */
    static byte[] namedBits(int... set) {
        int last = 0;
        for (int bit : set) {
            last = Math.max(last, bit);
        }
        byte[] value = new byte[2 + last / 8];
        value[0] = (byte) (7 - last % 8);
        for (int bit : set) {
            value[1 + bit / 8] |= (byte) (0x80 >> (bit % 8));
        }
        return tagged(BIT_STRING, value);
    }

    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        var out = new ByteArrayOutputStream();
        base128(out, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            base128(out, Long.parseLong(arcs[i]));
        }
        return tagged(OID, out.toByteArray());
    }

    static byte[] time(Instant instant) {
        boolean utc = instant.isBefore(END_OF_UTC_TIME);
        String text = (utc ? UTC : GENERALIZED).format(instant);
        return tagged(utc ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A context-specific, constructed value, as EXPLICIT tags are. */
    static byte[] explicit(int number, byte[]... parts) {
        return tagged(0xa0 | number, concat(parts));
    }

    /** A context-specific, primitive value, as IMPLICIT tags of strings are. */
    static byte[] implicit(int number, byte[] content) {
        return tagged(0x80 | number, content);
    }

    static byte[] tagged(int tag, byte[] content) {
        var out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(0x80 | bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void base128(ByteArrayOutputStream out, long value) {
        int groups = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
        for (int shift = 7 * (groups - 1); shift >= 0; shift -= 7) {
            int group = (int) (value >>> shift) & 0x7f;
            out.write(shift == 0 ? group : group | 0x80);
        }
    }
}
