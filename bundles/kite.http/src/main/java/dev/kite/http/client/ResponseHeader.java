package dev.kite.http.client;

import dev.kite.api.http.Headers;
import java.io.IOException;

/**
 * A response's status line and header fields.
 *
 * @param status the status code
 * @param persistent whether the connection may be used again
 * @param headers the fields
 */
record ResponseHeader(int status, boolean persistent, Headers headers) {
    /** More fields than any server sends. */
    private static final int FIELDS = 1000;

    private static final int TOTAL = 512 * 1024;

    /** Reads it (RFC 9112, 4 and 5). */
    static ResponseHeader read(ByteReader in) throws IOException {
        String line = in.line();
        if (!line.startsWith("HTTP/1.") || line.length() < 12 || line.charAt(8) != ' ') {
            throw new IOException("The server does not speak HTTP/1.1; it began with: " + printable(line));
        }
        int status = status(line);
        var headers = new Headers();
        int total = 0;
        int fields = 0;
        for (String field = in.line(); !field.isEmpty(); field = in.line()) {
            total += field.length();
            if (++fields > FIELDS || total > TOTAL) {
                throw new IOException("The server's header is too large");
            }
            int colon = field.indexOf(':');
            if (colon <= 0 || field.charAt(0) == ' ' || field.charAt(0) == '\t') {
                throw new IOException("The server sent a malformed header line: " + printable(field));
            }
            headers.add(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        boolean persistent = line.startsWith("HTTP/1.1") && !headers.hasToken("Connection", "close");
        return new ResponseHeader(status, persistent, headers);
    }

    private static int status(String line) throws IOException {
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new IOException("The server sent a malformed status line: " + printable(line));
            }
            status = status * 10 + digit;
        }
        return status;
    }

    private static String printable(String text) {
        String shortened = text.length() > 80 ? text.substring(0, 80) : text;
        return shortened.replaceAll("[^ -~]", "?");
    }
}
