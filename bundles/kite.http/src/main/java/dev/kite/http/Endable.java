package dev.kite.http;

/** An exchange that can be told, while it is handled, that what serves it stops. */
public interface Endable {
    /** Runs the exchange's close actions, as if its client had gone, without breaking off its response. Thread-safe. */
    void endSoon();
}
