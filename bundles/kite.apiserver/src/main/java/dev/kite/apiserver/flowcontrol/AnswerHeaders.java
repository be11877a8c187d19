package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.apiserver.request.AuditId;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What every answer has: the request's audit ID, the client's own or a new one; nothing of it for shared caches; and the directives that are set. Stateless. */
final class AnswerHeaders implements HttpFilter {
    private static final String AUDIT_ID = "Audit-ID";
    private static final int LONGEST = 64;

    private final String transportSecurity;

    /**
     * The filter.
     *
     * @param transportSecurity the directives of Strict-Transport-Security, empty for none
     */
    AnswerHeaders(String transportSecurity) {
        this.transportSecurity = transportSecurity;
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public String name() {
        return "headers of answers";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        AuditId id = new AuditId(id(exchange.requestHeaders().first(AUDIT_ID)));
        exchange.attribute(AuditId.class, id);
        Headers headers = exchange.responseHeaders();
        headers.set(AUDIT_ID, id.text());
        headers.set("Cache-Control", "no-cache, private");
        if (!transportSecurity.isEmpty()) {
            headers.set("Strict-Transport-Security", transportSecurity);
        }
        next.handle(exchange);
    }

    private static String id(@org.jspecify.annotations.Nullable String given) {
        if (given != null && !given.isEmpty()) {
            return given.length() > LONGEST ? given.substring(0, LONGEST) : given;
        }
        // It tells requests apart and protects nothing: a generator without a lock will do. RFC 9562, 5.4.
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
