package dev.kite.security;

import dev.kite.security.hook.Https;
import java.io.IOException;
import java.time.Duration;

/** A server that is asked by POSTs of JSON, reached as its kubeconfig says. Thread-safe. */
public final class WebhookServer implements AutoCloseable {
    private final Kubeconfig config;
    private final Https https;

    /**
     * An answer.
     *
     * @param status its code
     * @param body its body
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, byte[] body) {}

    /**
     * A server.
     *
     * @param config its address, who vouches for it, and how this client signs in
     * @param largestAnswer bytes
     */
    public WebhookServer(Kubeconfig config, int largestAnswer) {
        this.config = config;
        this.https = Https.of(config, largestAnswer);
    }

    /**
     * Asks.
     *
     * @param json the question
     * @param patience for all of it
     * @return the answer, whatever its code
     * @throws IOException if there is none in time, or it is too large
     */
    public Answer ask(byte[] json, Duration patience) throws IOException {
        Https.Answer answer = https.post(config.server(), json, patience);
        return new Answer(answer.status(), answer.body());
    }

    @Override
    public void close() {
        https.close();
    }
}
