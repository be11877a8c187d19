package dev.kite.http.stream;

import java.io.IOException;

/** The peer broke RFC 6455 or this side's bounds; the connection has been closed with the code. */
public final class WebSocketException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * Says what was wrong.
     *
     * @param code the close code, RFC 6455, 7.4.1
     * @param message what was wrong
     */
    public WebSocketException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** @return the close code */
    public int code() {
        return code;
    }
}
