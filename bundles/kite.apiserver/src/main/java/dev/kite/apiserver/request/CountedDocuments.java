package dev.kite.apiserver.request;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.metrics.RequestMetrics;

/** Those of the documents beside resources that kube-apiserver counts as requests, with the labels that it gives them. Stateless. */
final class CountedDocuments {
    private CountedDocuments() {}

    static void count(RequestMetrics metrics, HttpExchange exchange, long nanos) {
        switch (exchange.path()) {
            case "/healthz", "/livez", "/readyz" -> metrics.document(exchange, "", exchange.path(), nanos);
            case "/openapi/v3" -> metrics.document(exchange, "", "openapi/v3", nanos);
            case "/flagz" -> metrics.document(exchange, "flagz", "", nanos);
            case "/statusz" -> metrics.document(exchange, "statusz", "", nanos);
            default -> {
                if (exchange.path().startsWith("/openapi/v3/")) {
                    metrics.document(exchange, "", "openapi/v3/", nanos);
                }
            }
        }
    }
}
