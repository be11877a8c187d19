package dev.kite.apiserver.metrics;

import dev.kite.api.http.HttpExchange;
import dev.kite.security.RequestInfo;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeSet;

/** A request's labels, with kube-apiserver's words. None of it allocates but for what is rare. Stateless. */
public final class Labels {
    /** The component that answers. */
    static final String COMPONENT = "apiserver";

    private static final String[] CODES = codes();

    private Labels() {}

    private static String[] codes() {
        String[] codes = new String[600];
        Arrays.setAll(codes, Integer::toString);
        return codes;
    }

    /**
     * A status code.
     *
     * @param code the code
     * @return the code in digits
     */
    public static String code(int code) {
        return code >= 0 && code < CODES.length ? CODES[code] : Integer.toString(code);
    }

    /**
     * The verb as it is reported: LIST and GET apart, WATCH, APPLY and CONNECT by name.
     *
     * @param exchange the request
     * @param info what it asks for
     * @return the verb
     */
    public static String verb(HttpExchange exchange, RequestInfo info) {
        if (info.resourceRequest() && connects(info.subresource())) {
            return "CONNECT";
        }
        return switch (exchange.method()) {
            case "GET", "HEAD" -> reading(info);
            case "PATCH" -> "application/apply-patch+yaml".equals(contentType(exchange)) ? "APPLY" : "PATCH";
            case "POST" -> "POST";
            case "PUT" -> "PUT";
            case "DELETE" -> "DELETE";
            default -> "other";
        };
    }

    private static String reading(RequestInfo info) {
        if (info.verb().equals("watch")) {
            return "WATCH";
        }
        return info.verb().equals("list") ? "LIST" : "GET";
    }

    private static String contentType(HttpExchange exchange) {
        String type = exchange.requestHeaders().first("Content-Type");
        return type == null ? "" : type;
    }

    private static boolean connects(String subresource) {
        return switch (subresource) {
            case "log", "exec", "attach", "portforward", "proxy" -> true;
            default -> false;
        };
    }

    /**
     * How much is asked for.
     *
     * @param info what is asked for
     * @return resource, namespace, cluster or nothing
     */
    public static String scope(RequestInfo info) {
        if (!info.name().isEmpty() || info.verb().equals("create")) {
            return "resource";
        }
        if (!info.namespace().isEmpty()) {
            return "namespace";
        }
        return info.resourceRequest() ? "cluster" : "";
    }

    /**
     * How much is asked for, as a request that was served is counted: a list of one name is still one of a namespace.
     *
     * @param info what is asked for
     * @return resource, namespace or cluster
     */
    static String servedScope(RequestInfo info) {
        return switch (info.verb()) {
            case "list", "watch", "deletecollection" -> info.namespace().isEmpty() ? "cluster" : "namespace";
            default -> scope(info);
        };
    }

    /**
     * Whether a request may last: the rule of kube-apiserver's timeouts and in-flight counts.
     *
     * @param info what is asked for
     * @return whether it may
     */
    public static boolean longRunning(RequestInfo info) {
        if (!info.resourceRequest()) {
            return info.path().startsWith("/debug/pprof/");
        }
        return info.verb().equals("watch") || info.verb().equals("proxy") || connects(info.subresource());
    }

    /**
     * Whether a request counts as reading.
     *
     * @param info what is asked for
     * @return whether it does
     */
    static boolean readOnly(RequestInfo info) {
        return switch (info.verb()) {
            case "get", "list", "watch" -> true;
            default -> false;
        };
    }

    /**
     * What of a write is tried only.
     *
     * @param exchange the request
     * @return the values, joined; nothing where it is meant
     */
    static String dryRun(HttpExchange exchange) {
        if (!exchange.rawQuery().contains("dryRun")) {
            return "";
        }
        TreeSet<String> values = new TreeSet<>(exchange.query().all("dryRun"));
        values.remove("");
        if (values.isEmpty()) {
            return "";
        }
        return values.first().equals("All") && values.size() == 1 ? "All" : "invalid";
    }

    /**
     * How unknown fields are to be taken.
     *
     * @param exchange the request
     * @return the value, nothing where none is given
     */
    static String fieldValidation(HttpExchange exchange) {
        if (!exchange.rawQuery().contains("fieldValidation")) {
            return "";
        }
        var values = exchange.query().all("fieldValidation");
        return values.size() == 1
                ? switch (values.getFirst()) {
                    case "", "Ignore", "Warn", "Strict" -> values.getFirst();
                    default -> "invalid";
                }
                : "invalid";
    }

    /**
     * A verb of admission.
     *
     * @param operation CREATE, UPDATE, DELETE or CONNECT in any case
     * @return it in upper case
     */
    static String operation(String operation) {
        return operation.toUpperCase(Locale.ROOT);
    }
}
