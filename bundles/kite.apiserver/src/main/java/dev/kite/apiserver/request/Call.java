package dev.kite.apiserver.request;

import dev.kite.api.http.AuditAnnotations;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.security.RequestInfo;
import java.util.LinkedHashSet;
import java.util.Set;

/** One request to a resource: the exchange, what it asks for, who asks, and the warnings that its answer carries. Belongs to one thread. */
public final class Call {
    private static final UserInfo NOBODY = UserInfo.of("system:anonymous");

    private final HttpExchange exchange;
    private final RequestInfo info;
    private final Set<String> warnings = new LinkedHashSet<>();
    private boolean served;

    /**
     * A call.
     *
     * @param exchange the exchange
     * @param info what it asks for
     */
    public Call(HttpExchange exchange, RequestInfo info) {
        this.exchange = exchange;
        this.info = info;
    }

    /**
     * Notes that what is asked for is served here, so that the request counts as one of it.
     *
     * @param metrics counts requests that last
     */
    public void serving(RequestMetrics metrics) {
        if (!served) {
            served = true;
            metrics.lasts(exchange, info, 1);
        }
    }

    /** @return whether what is asked for is served here */
    boolean served() {
        return served;
    }

    /** @return the exchange */
    public HttpExchange exchange() {
        return exchange;
    }

    /** @return what it asks for */
    public RequestInfo info() {
        return info;
    }

    /** @return who asks */
    public UserInfo user() {
        UserInfo user = exchange.user();
        return user == null ? NOBODY : user;
    }

    /** @return the query */
    public QueryParameters query() {
        return exchange.query();
    }

    /**
     * Adds a warning to the answer, once.
     *
     * @param text for people
     */
    public void warn(String text) {
        if (warnings.add(text)) {
            // RFC 7234, 5.5: 299 is a persistent warning of no standard meaning; "-" hides the agent.
            String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("[\\r\\n]", " ");
            exchange.responseHeaders().add("Warning", "299 - \"" + quoted + "\"");
        }
    }

    /**
     * Annotates the request's audit event, where it is audited.
     *
     * @param key a qualified name
     * @param value the value
     */
    public void annotate(String key, String value) {
        AuditAnnotations audit = exchange.attribute(AuditAnnotations.class);
        if (audit != null) {
            audit.annotate(key, value);
        }
    }

    /** @return whether the client asked for indented JSON, as people with simple tools do without saying so */
    public boolean pretty() {
        return pretty(exchange);
    }

    static boolean pretty(HttpExchange exchange) {
        String asked = exchange.query().first("pretty", "");
        if (!asked.isEmpty()) {
            return exchange.query().flag("pretty");
        }
        String agent = exchange.requestHeaders().first("User-Agent");
        return agent != null
                && (agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0"));
    }

    /**
     * Agrees on the answer's form.
     *
     * @param offer what can be had
     * @return the form
     */
    public Accepted accepted(Accepted.Offer offer) {
        return Accepted.negotiate(exchange.requestHeaders().first("Accept"), pretty(), offer);
    }
}
