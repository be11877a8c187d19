package dev.kite.node.server;

import dev.kite.api.http.QueryParameters;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What of a log is wanted (core.v1 PodLogOptions).
 *
 * @param follow whether to go on while the container runs
 * @param previous whether the instance before is meant
 * @param timestamps whether each line starts with its time
 * @param since lines older than this are left out, or null
 * @param tailLines how many lines from the end, -1 for all
 * @param limitBytes how many bytes at most, -1 for no bound
 * @param stream stdout, stderr, or empty for both
 */
record LogOptions(
        boolean follow,
        boolean previous,
        boolean timestamps,
        @Nullable Instant since,
        long tailLines,
        long limitBytes,
        String stream) {
    static LogOptions of(QueryParameters query, Instant now) {
        Instant since = null;
        String seconds = query.first("sinceSeconds", "");
        String time = query.first("sinceTime", "");
        if (!seconds.isEmpty()) {
            since = now.minusSeconds(number("sinceSeconds", seconds, 1));
        } else if (!time.isEmpty()) {
            try {
                since = Instant.parse(time);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("sinceTime is no RFC 3339 time: " + time, e);
            }
        }
        String stream = query.first("stream", "");
        return new LogOptions(
                query.flag("follow"),
                query.flag("previous"),
                query.flag("timestamps"),
                since,
                optional("tailLines", query.first("tailLines", ""), 0),
                optional("limitBytes", query.first("limitBytes", ""), 1),
                stream.equalsIgnoreCase("stdout") ? "stdout" : stream.equalsIgnoreCase("stderr") ? "stderr" : "");
    }

    private static long optional(String name, String value, long least) {
        return value.isEmpty() ? -1 : number(name, value, least);
    }

    private static long number(String name, String value, long least) {
        try {
            long number = Long.parseLong(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is no number: " + value, e);
        }
        throw new IllegalArgumentException(name + " must be " + least + " or more");
    }
}
