package dev.kite.apiserver.audit;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.AuditId;
import java.util.UUID;

/** Audit IDs: a client's own, else a new one. Stateless. */
final class AuditIds {
    static final String HEADER = "Audit-ID";
    private static final int LONGEST = 64;

    private AuditIds() {}

    static String of(HttpExchange exchange) {
        AuditId made = exchange.attribute(AuditId.class);
        if (made != null) {
            return made.text();
        }
        String given = exchange.requestHeaders().first(HEADER);
        if (given == null || given.isEmpty()) {
            return UUID.randomUUID().toString();
        }
        return given.length() > LONGEST ? given.substring(0, LONGEST) : given;
    }
}
