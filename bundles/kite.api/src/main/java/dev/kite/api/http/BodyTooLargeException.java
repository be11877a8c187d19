package dev.kite.api.http;

import java.io.IOException;

/** The request's body is larger than the server takes (3 MiB for the API, as upstream). */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the bound.
     *
     * @param limit the bound in bytes
     */
    public BodyTooLargeException(long limit) {
        super("limit is " + limit);
    }
}
