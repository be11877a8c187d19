package dev.kite.apiserver.aggregation;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.apiserver.request.WatchInitialization;
import dev.kite.apiserver.subresource.Forwarding;
import dev.kite.http.HttpClient;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** Passes requests of group versions that others serve on to them, and their answers back. Thread-safe. */
public final class AggregatedRoute {
    private static final String DOCUMENTS = "/openapi/v3/";

    private final ApiServices services;
    private final Servers servers;
    private final Resolver resolver;
    private final RequestMetrics requests;

    AggregatedRoute(ApiServices services, Servers servers, Resolver resolver, RequestMetrics requests) {
        this.requests = requests;
        this.services = services;
        this.servers = servers;
        this.resolver = resolver;
    }

    /**
     * Serves a request if another server serves its group version.
     *
     * @param exchange the request
     * @return whether it was answered
     * @throws IOException if the client went away, or the other server amid its answer
     */
    public boolean serve(HttpExchange exchange) throws IOException {
        ApiService service = find(exchange.path());
        if (service == null || service.service() == null) {
            return false;
        }
        pass(exchange, service, service.service());
        return true;
    }

    private @Nullable ApiService find(String path) {
        if (services.remote().isEmpty()) {
            return null;
        }
        if (path.startsWith(DOCUMENTS)) {
            return services.remote().get(path.substring(DOCUMENTS.length() - 1));
        }
        if (!path.startsWith("/apis/")) {
            return null;
        }
        int version = path.indexOf('/', 6);
        if (version < 0) {
            return null;
        }
        int end = path.indexOf('/', version + 1);
        return services.remote().get(end < 0 ? path : path.substring(0, end));
    }

    private void pass(HttpExchange exchange, ApiService service, ApiService.Reference to) throws IOException {
        if (!service.available()) {
            unavailable(exchange, "service unavailable");
            return;
        }
        UserInfo user = exchange.user();
        if (user == null) {
            refuse(exchange, 500, "missing user");
            return;
        }
        HttpClient client;
        URI target;
        try {
            client = servers.client(service);
            String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
            target = URI.create(resolver.resolve(to) + exchange.rawPath() + query);
        } catch (CertificateException e) {
            refuse(exchange, 500, String.valueOf(e.getMessage()));
            return;
        } catch (Resolver.UnresolvedException _) {
            unavailable(exchange, "service unavailable");
            return;
        } catch (IllegalArgumentException _) {
            refuse(exchange, 400, "malformed path or query");
            return;
        }
        WatchInitialization watch = exchange.attribute(WatchInitialization.class);
        if (watch != null) {
            // What it costs from here on is the other server's matter.
            watch.done();
        }
        Forwarding.pass(exchange, client, target, new Rules(exchange, user, to, this));
    }

    private void unavailable(HttpExchange exchange, String why) throws IOException {
        RequestInfo info = exchange.attribute(RequestInfo.class);
        if (info != null) {
            requests.terminated(exchange, info, "aggregator", 503);
        }
        refuse(exchange, 503, why);
    }

    /** As upstream says it: plain text, whatever the client accepts. */
    private static void refuse(HttpExchange exchange, int code, String message) throws IOException {
        exchange.responseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.respond(code, "text/plain; charset=utf-8", (message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private record Rules(HttpExchange exchange, UserInfo user, ApiService.Reference to, AggregatedRoute route)
            implements Forwarding.Rules {
        @Override
        public void request(Headers fields) {
            FrontProxy.set(fields, user);
            fields.set("Host", to.host());
            fields.set("X-Forwarded-Uri", exchange.rawPath());
            Forwarding.forwardedFor(exchange, fields);
        }

        @Override
        public boolean answers(HttpExchange exchange, int status, Headers fields) throws IOException {
            String location = fields.first("Location");
            // The document of an old hash is at another hash of the same path.
            boolean document = location != null && location.startsWith(exchange.rawPath() + "?hash=");
            if (status < 300 || status > 399 || location == null || document) {
                return false;
            }
            // A redirect would lead the client, with its credentials, wherever that server likes.
            String message = "the backend attempted to redirect this request, which is not permitted";
            exchange.respond(502, "text/plain; charset=utf-8", message.getBytes(StandardCharsets.UTF_8));
            return true;
        }

        @Override
        public void unreachable(HttpExchange exchange, String why) throws IOException {
            route.unavailable(exchange, "error trying to reach service: " + why);
        }
    }
}
