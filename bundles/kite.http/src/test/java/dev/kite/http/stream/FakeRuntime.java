package dev.kite.http.stream;

import dev.kite.api.http.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A container runtime's streaming server: its "container" writes what it reads in capitals, and a word to its stderr; it ends with its stdin, with exit code 3, or at once
 * if it has none.
 */
final class FakeRuntime {
    static final String EXIT_3 =
            "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated with non-zero exit code\","
                    + "\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}";
    static final String SUCCESS = "{\"metadata\":{},\"status\":\"Success\"}";

    final BlockingQueue<String> resizes = new LinkedBlockingQueue<>();
    final BlockingQueue<String> sessionsEnded = new LinkedBlockingQueue<>();

    void handle(HttpExchange exchange) throws IOException {
        if (exchange.path().equals("/gone")) {
            exchange.respond(404, "text/plain", "no such session".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (!exchange.requestHeaders().hasToken("X-Stream-Protocol-Version", "v4.channel.k8s.io")) {
            exchange.respond(403, "text/plain", new byte[0]);
            return;
        }
        StreamOptions options = StreamOptions.of(exchange.query());
        exchange.responseHeaders()
                .set("Connection", "Upgrade")
                .set("Upgrade", "SPDY/3.1")
                .set("X-Stream-Protocol-Version", "v4.channel.k8s.io");
        SpdyConnection spdy = SpdyConnection.server(exchange.upgrade());
        int expected = 1
                + (options.stdin() ? 1 : 0)
                + (options.stdout() ? 1 : 0)
                + (options.stderr() ? 1 : 0)
                + (options.tty() ? 1 : 0);
        Map<String, SpdyStream> streams = new HashMap<>();
        while (streams.size() < expected) {
            SpdyStream stream = spdy.accept(Duration.ofSeconds(10));
            if (stream == null) {
                throw new IOException("A stream did not come");
            }
            streams.put(stream.headers().first("streamtype"), stream);
        }
        try {
            run(streams);
        } finally {
            spdy.close(Duration.ofSeconds(2));
            sessionsEnded.add("ended");
        }
    }

    private void run(Map<String, SpdyStream> streams) throws IOException {
        if (streams.containsKey("stderr")) {
            streams.get("stderr").output().write("warning".getBytes(StandardCharsets.UTF_8));
        }
        if (streams.containsKey("resize")) {
            Thread.ofVirtual().start(() -> {
                try {
                    byte[] buffer = new byte[1000];
                    for (int n = streams.get("resize").input().read(buffer);
                            n > 0;
                            n = streams.get("resize").input().read(buffer)) {
                        resizes.add(new String(buffer, 0, n, StandardCharsets.UTF_8));
                    }
                } catch (IOException ended) {
                    // The session has ended.
                }
            });
        }
        if (streams.containsKey("stdin")) {
            byte[] buffer = new byte[1000];
            for (int n = streams.get("stdin").input().read(buffer);
                    n > 0;
                    n = streams.get("stdin").input().read(buffer)) {
                String text = new String(buffer, 0, n, StandardCharsets.UTF_8);
                streams.get("stdout").output().write(text.toUpperCase().getBytes(StandardCharsets.UTF_8));
            }
        } else {
            streams.get("stdout").output().write(new byte[3_000_000]);
        }
        String status = streams.containsKey("stdin") ? EXIT_3 : SUCCESS;
        streams.get("error").output().write(status.getBytes(StandardCharsets.UTF_8));
        for (SpdyStream stream : streams.values()) {
            stream.output().close();
        }
    }
}
