package dev.kite.http.stream;

import dev.kite.api.http.QueryParameters;

/**
 * Which streams an exec or attach has.
 *
 * @param stdin whether it reads
 * @param stdout whether it writes
 * @param stderr whether it writes errors apart; never with a terminal
 * @param tty whether it has a terminal, which can be resized
 */
public record StreamOptions(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    /** A terminal has one output. */
    public StreamOptions {
        stderr = stderr && !tty;
    }

    /**
     * Reads the parameters of the API ({@code stdin}, {@code stdout}, {@code stderr}, {@code tty}) or of the kubelet ({@code input}, {@code output}, {@code error},
     * {@code tty}).
     *
     * @param query the request's query
     * @return the streams; none at all is the caller's to refuse
     */
    public static StreamOptions of(QueryParameters query) {
        return new StreamOptions(
                query.flag("stdin") || query.flag("input"),
                query.flag("stdout") || query.flag("output"),
                query.flag("stderr") || query.flag("error"),
                query.flag("tty"));
    }

    /** @return whether there is any stream */
    public boolean any() {
        return stdin || stdout || stderr;
    }
}
