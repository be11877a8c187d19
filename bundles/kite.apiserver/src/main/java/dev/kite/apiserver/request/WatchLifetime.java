package dev.kite.apiserver.request;

/**
 * An attribute of watches: how long one lasts at least that doesn't say itself.
 *
 * @param seconds at least so many, at most twice as many; 0 for ever
 */
public record WatchLifetime(int seconds) {
    /** The API server's --min-request-timeout where it isn't given. */
    public static final WatchLifetime DEFAULT = new WatchLifetime(1800);
}
