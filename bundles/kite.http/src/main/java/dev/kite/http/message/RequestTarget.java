package dev.kite.http.message;

import dev.kite.api.http.QueryParameters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A request's path and query. The path is absolute, without dot segments, control characters and encoded slashes, so that all who look at it see the same
 * resource.
 *
 * @param rawPath the path as sent
 * @param path the path decoded
 * @param rawQuery the query as sent, empty where there is none
 * @param query the query parsed
 */
public record RequestTarget(String rawPath, String path, String rawQuery, QueryParameters query) {
    /**
     * Parses the origin form (RFC 9112, 3.2.1).
     *
     * @param target path with an optional query
     * @return the parsed target
     * @throws IllegalArgumentException if it is malformed, saying how
     */
    public static RequestTarget parse(String target) {
        int fragment = target.indexOf('#');
        if (fragment >= 0) {
            throw new IllegalArgumentException("a request carries no fragment");
        }
        int question = target.indexOf('?');
        String rawPath = question < 0 ? target : target.substring(0, question);
        String rawQuery = question < 0 ? "" : target.substring(question + 1);
        if (!rawPath.startsWith("/")) {
            throw new IllegalArgumentException("the path must start with a slash");
        }
        return new RequestTarget(rawPath, decode(rawPath), rawQuery, QueryParameters.parse(rawQuery));
    }

    private static String decode(String raw) {
        String decoded = raw.indexOf('%') < 0 ? raw : unescape(raw);
        for (int i = 0; i < decoded.length(); i++) {
            if (decoded.charAt(i) < ' ' || decoded.charAt(i) == 0x7f) {
                throw new IllegalArgumentException("the path has control characters");
            }
        }
        if (decoded.contains("/.") && hasDotSegment(decoded)) {
            throw new IllegalArgumentException("the path has dot segments");
        }
        return decoded;
    }

    private static boolean hasDotSegment(String path) {
        for (String segment : path.split("/")) {
            if (segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static String unescape(String raw) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        int out = 0;
        for (int in = 0; in < bytes.length; in++) {
            byte b = bytes[in];
            if (b == '%') {
                if (in + 2 >= bytes.length) {
                    throw new IllegalArgumentException("the path ends amid a percent-encoding");
                }
                b = (byte) (hex(bytes[in + 1]) << 4 | hex(bytes[in + 2]));
                in += 2;
                if (b == '/') {
                    throw new IllegalArgumentException("the path encodes a slash");
                }
            }
            bytes[out++] = b;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, out))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException("the path is not UTF-8", malformed);
        }
    }

    private static int hex(byte digit) {
        int value = Character.digit(digit, 16);
        if (value < 0) {
            throw new IllegalArgumentException("the path has a malformed percent-encoding");
        }
        return value;
    }
}
