package dev.kite.apiserver.discovery;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.ApiRoute;
import dev.kite.apiserver.request.Responder;
import java.io.IOException;
import java.util.Optional;

/** Answers discovery's paths. */
public final class DiscoveryDocument implements ApiRoute.Document {
    private final Discovery discovery;
    private final Responder responder;

    /**
     * The document.
     *
     * @param discovery makes it
     * @param responder writes it
     */
    public DiscoveryDocument(Discovery discovery, Responder responder) {
        this.discovery = discovery;
        this.responder = responder;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        String accept = exchange.requestHeaders().first("Accept");
        String host = exchange.requestHeaders().first("Host");
        Optional<Discovery.Answer> answer = discovery.answer(exchange.path(), accept, host == null ? "" : host);
        if (answer.isEmpty()) {
            return false;
        }
        exchange.responseHeaders().set("Vary", "Accept");
        switch (answer.get()) {
            case Discovery.Answer.Plain plain ->
                responder.tree(exchange, 200, Accepted.negotiate(accept, false, Accepted.Offer.DOCUMENT), plain.tree());
            case Discovery.Answer.Aggregated whole -> aggregated(exchange, whole);
        }
        return true;
    }

    private static void aggregated(HttpExchange exchange, Discovery.Answer.Aggregated whole) throws IOException {
        exchange.responseHeaders().set("ETag", whole.etag());
        if (whole.etag().equals(exchange.requestHeaders().first("If-None-Match"))) {
            exchange.respond(304, whole.contentType(), new byte[0]);
        } else {
            byte[] body = new byte[whole.body().remaining()];
            whole.body().duplicate().get(body);
            exchange.respond(200, whole.contentType(), body);
        }
    }
}
