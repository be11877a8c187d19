package dev.kite.apiserver.subresource;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import java.net.URI;
import java.net.URISyntaxException;

/** What a proxy below {@code …/proxy} tells the server behind it, and how that server's redirects are led back through it. One request's. */
final class ProxyRules implements Forwarding.Rules {
    private final HttpExchange exchange;
    private final URI target;
    private final String prefix;

    /**
     * Rules.
     *
     * @param exchange the request
     * @param target where it is passed on to
     * @param prefix the path up to and with {@code proxy}, as sent
     */
    ProxyRules(HttpExchange exchange, URI target, String prefix) {
        this.exchange = exchange;
        this.target = target;
        this.prefix = prefix;
    }

    @Override
    public void request(Headers fields) {
        fields.set("X-Forwarded-Uri", prefix + (target.getRawPath().isEmpty() ? "/" : target.getRawPath()));
        Forwarding.forwardedFor(exchange, fields);
    }

    @Override
    public void response(Headers fields) {
        String location = fields.first("Location");
        if (location != null) {
            fields.set("Location", through(location));
        }
    }

    /** An absolute path, or an address of the server behind the proxy, is led through the proxy; all else stays. */
    private String through(String location) {
        URI uri;
        try {
            uri = new URI(location);
        } catch (URISyntaxException e) {
            return location;
        }
        String host = uri.getRawAuthority();
        boolean elsewhere = host != null
                && !host.equals(target.getRawAuthority())
                && !host.equals(exchange.requestHeaders().first("Host"));
        String path = uri.getRawPath();
        if (elsewhere || path == null || !path.startsWith("/")) {
            return location;
        }
        String led = path.startsWith(prefix) ? path : prefix + path;
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return led + query + (uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment());
    }
}
