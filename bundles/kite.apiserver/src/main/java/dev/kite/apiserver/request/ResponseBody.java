package dev.kite.apiserver.request;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * An answer's body of a length not known before. It goes out compressed where the client takes that and it is larger than {@value #THRESHOLD} bytes, which is
 * upstream's rule; up to there it is kept back, then, so that a short body has its length. Used by one thread; must be closed.
 */
final class ResponseBody extends OutputStream {
    /** From here on a compressed body is worth its processor time. */
    static final int THRESHOLD = 128 * 1024;

    private final HttpExchange exchange;
    private final int code;
    private final String contentType;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(1024);
    private OutputStream out;
    private boolean holding;

    ResponseBody(HttpExchange exchange, int code, String contentType) {
        this.exchange = exchange;
        this.code = code;
        this.contentType = contentType;
        out = kept;
        holding = takesGzip(exchange);
        if (!holding) {
            begin();
            out = exchange.responseBody();
        }
    }

    /**
     * Answers with a whole body, compressed by the same rule.
     *
     * @param exchange the exchange
     * @param code the status code
     * @param contentType the body's media type
     * @param body the body
     * @throws IOException if the client went away
     */
    static void send(HttpExchange exchange, int code, String contentType, byte[] body) throws IOException {
        if (body.length <= THRESHOLD || !takesGzip(exchange)) {
            exchange.respond(code, contentType, body);
            return;
        }
        try (ResponseBody out = new ResponseBody(exchange, code, contentType)) {
            out.write(body, 0, body.length);
        }
    }

    static boolean takesGzip(HttpExchange exchange) {
        return exchange.requestHeaders().hasToken("Accept-Encoding", "gzip");
    }

    private void begin() {
        exchange.status(code);
        exchange.responseHeaders().set("Content-Type", contentType);
    }

    @Override
    public void write(int b) throws IOException {
        room(1);
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        room(length);
        out.write(bytes, offset, length);
    }

    private void room(int length) throws IOException {
        if (holding && kept.size() + length > THRESHOLD) {
            begin();
            Headers headers = exchange.responseHeaders();
            headers.set("Content-Encoding", "gzip");
            headers.add("Vary", "Accept-Encoding");
            holding = false;
            out = new FastGzip(exchange.responseBody());
            kept.writeTo(out);
            kept.reset();
        }
    }

    @Override
    public void close() throws IOException {
        if (holding) {
            exchange.respond(code, contentType, kept.toByteArray());
        } else if (out instanceof FastGzip gzip) {
            gzip.finish();
            gzip.release();
        }
    }

    /** Upstream's level 1: within a third of the best ratio at a fraction of the time. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream to) throws IOException {
            super(to, 16 * 1024);
            def.setLevel(java.util.zip.Deflater.BEST_SPEED);
        }

        /** Gives the native memory back at once. The exchange's stream stays open: its owner ends it. */
        void release() {
            def.end();
        }
    }
}
