package dev.kite.apiserver.openapi;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.ApiRoute;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Answers OpenAPI's paths. */
public final class OpenApiDocument implements ApiRoute.Document {
    private final OpenApi openApi;

    /**
     * The document.
     *
     * @param openApi makes it
     */
    public OpenApiDocument(OpenApi openApi) {
        this.openApi = openApi;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        Optional<OpenApi.Answer> answer = openApi.answer(
                exchange.path(),
                exchange.requestHeaders().first("Accept"),
                exchange.query().first("hash"));
        if (answer.isEmpty()) {
            return false;
        }
        switch (answer.get()) {
            case OpenApi.Answer.Content content -> content(exchange, content);
            case OpenApi.Answer.Moved moved -> {
                exchange.responseHeaders().set("Location", moved.location());
                exchange.respond(301, "text/plain", new byte[0]);
            }
            case OpenApi.Answer.NotAcceptable _ -> throw Errors.notAcceptable(List.of(MediaType.JSON));
        }
        return true;
    }

    private static void content(HttpExchange exchange, OpenApi.Answer.Content content) throws IOException {
        Headers headers = exchange.responseHeaders();
        headers.set("ETag", content.etag());
        headers.set("Vary", "Accept, Accept-Encoding");
        if (content.lasting()) {
            headers.set("Cache-Control", "public, immutable, max-age=31536000");
        } else {
            headers.set("Cache-Control", "no-cache, private");
        }
        if (content.etag().equals(exchange.requestHeaders().first("If-None-Match"))) {
            exchange.respond(304, content.contentType(), new byte[0]);
        } else if (exchange.requestHeaders().hasToken("Accept-Encoding", "gzip")) {
            headers.set("Content-Encoding", "gzip");
            exchange.respond(200, content.contentType(), content.compressed());
        } else {
            exchange.respond(200, content.contentType(), content.plain());
        }
    }
}
