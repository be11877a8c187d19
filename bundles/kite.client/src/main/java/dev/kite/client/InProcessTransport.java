package dev.kite.client;

import dev.kite.api.http.RequestDispatcher;
import dev.kite.api.security.UserInfo;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests to the API server in this process under one identity: no socket, all of its rules. */
final class InProcessTransport implements Transport {
    private final Supplier<@Nullable RequestDispatcher> dispatcher;
    private final UserInfo identity;
    private final String agent;

    /**
     * Speaks as somebody.
     *
     * @param dispatcher the API port's path, null while there is none
     * @param identity who asks
     */
    InProcessTransport(Supplier<@Nullable RequestDispatcher> dispatcher, UserInfo identity) {
        this.dispatcher = dispatcher;
        this.identity = identity;
        // The API names field managers after it: the last part of the user's name says who it is.
        this.agent = identity.name().substring(identity.name().lastIndexOf(':') + 1) + "/kite";
    }

    @Override
    public Answer send(Call call) throws IOException {
        RequestDispatcher present = dispatcher.get();
        if (present == null) {
            throw new IOException("there is no API server in this process now");
        }
        String target = call.query().isEmpty() ? call.path() : call.path() + "?" + call.query();
        InProcessExchange.Builder request =
                InProcessExchange.request(call.method(), target).user(identity);
        call.headers().forEach((name, value) -> {
            if (!name.equals("Content-Type")) {
                request.header(name, value);
            }
        });
        request.header("User-Agent", agent);
        String contentType = call.headers().get("Content-Type");
        if (contentType != null) {
            request.body(contentType, call.body());
        }
        InProcessResponse response = request.build().send(present);
        if (call.streaming()) {
            return new Streamed(response);
        }
        try (response) {
            return new Whole(response.status(), response.bytes());
        }
    }

    private record Streamed(InProcessResponse response) implements Answer {
        @Override
        public int status() {
            return response.status();
        }

        @Override
        public InputStream body() {
            return response.body();
        }

        @Override
        public void close() {
            response.close();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Answers are read, never compared.
    private record Whole(int status, byte[] bytes) implements Answer {
        @Override
        public InputStream body() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void close() {
            // Nothing is open: the bytes are all there is.
        }
    }

    @Override
    public void close() {
        // Each answer is closed by who asked; there is no connection.
    }
}
