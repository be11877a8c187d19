package dev.kite.node.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * One line of a CRI log: {@code 2026-11-24T13:00:00.123456789Z stdout F text}. A partial line (P) goes on in the next.
 *
 * @param time when it was written, as text
 * @param stream stdout or stderr
 * @param partial whether the next entry goes on with the same line
 * @param content the text, with a line end unless it is partial
 */
record LogLine(String time, String stream, boolean partial, byte[] content) {
    /** Reads a line without its end; what is not in the form is shown as it is, as part of stdout. */
    static LogLine parse(byte[] line) {
        int first = space(line, 0);
        int second = first < 0 ? -1 : space(line, first + 1);
        int third = second < 0 ? -1 : space(line, second + 1);
        if (second < 0) {
            return new LogLine("", "stdout", false, withEnd(line, 0));
        }
        int tagEnd = third < 0 ? line.length : third;
        String tag = text(line, second + 1, tagEnd);
        boolean partial = tag.equals("P") || tag.startsWith("P:");
        int start = Math.min(line.length, tagEnd + 1);
        byte[] content = partial ? java.util.Arrays.copyOfRange(line, start, line.length) : withEnd(line, start);
        return new LogLine(text(line, 0, first), text(line, first + 1, second), partial, content);
    }

    @Nullable
    Instant instant() {
        try {
            return time.isEmpty() ? null : Instant.parse(time);
        } catch (DateTimeParseException e) {
            // Not a time: the line is never left out for its age.
            return null;
        }
    }

    private static int space(byte[] line, int from) {
        for (int i = from; i < line.length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    private static byte[] withEnd(byte[] line, int from) {
        byte[] copy = new byte[line.length - from + 1];
        System.arraycopy(line, from, copy, 0, line.length - from);
        copy[copy.length - 1] = '\n';
        return copy;
    }
}
