package dev.kite.api.http;

/**
 * A part of the API port's URL space, offered as a service. The route with the longest matching prefix answers. When a route's service goes
 * away, requests in it are drained first; requests that come while its bundle is swapped are held for a short time and then
 * answered 503.
 */
public interface HttpRoute extends HttpHandler {
    /** @return the path prefix: {@code /static/} covers all below it, {@code /ping} only itself, {@code /} what no other route has */
    String prefix();

    /** @return whether it answers without signing in and authorization; true only for {@code /cacerts}, {@code /ping} and {@code /static/} and joining */
    default boolean anonymous() {
        return false;
    }
}
