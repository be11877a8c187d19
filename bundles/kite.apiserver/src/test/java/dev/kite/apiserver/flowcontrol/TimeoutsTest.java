package dev.kite.apiserver.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.request.WatchLifetime;
import dev.kite.apiserver.storage.ModelCodec;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Requests that take too long, and those that may. */
final class TimeoutsTest {
    private final Deadlines deadlines = new Deadlines();
    private final TimeoutFilter filter =
            new TimeoutFilter(deadlines, Duration.ofSeconds(30), new WatchLifetime(7), new Responder(new ModelCodec()));

    private InProcessResponse ask(String path, HttpHandler handler) throws IOException {
        return InProcessExchange.request("GET", path)
                .user(UserInfo.of("alice"))
                .build()
                .send(exchange -> {
                    exchange.attribute(
                            RequestInfo.class, RequestInfo.of(exchange.method(), exchange.path(), exchange.query()));
                    filter.filter(exchange, handler);
                });
    }

    @Test
    void aRequestThatTakesTooLongIsAnsweredAsUpstreamAnswersIt() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        CompletableFuture<Throwable> late = new CompletableFuture<>();
        try (InProcessResponse answer = ask("/api/v1/pods?timeout=50ms", exchange -> {
            exchange.responseHeaders().set("X-Half", "done");
            exchange.onClose(() -> closed.complete(exchange.closed()));
            await(over);
            try {
                exchange.respond(200, "text/plain", new byte[] {1});
            } catch (IOException e) {
                late.complete(e);
                throw e;
            }
        })) {
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.headers().first("Content-Type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(answer.headers().first("X-Half")).isNull();
            assertThat(new String(answer.bytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Timeout: request did not complete"
                            + " within the allotted timeout\",\"reason\":\"Timeout\",\"details\":{},\"code\":504}\n");
            assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
            over.countDown();
            assertThat(late.get(10, TimeUnit.SECONDS)).hasMessage("the request's time is over");
        }
        nothingRuns();
    }

    /** The answer is there before its handler is through. */
    private void nothingRuns() throws InterruptedException {
        for (int i = 0; i < 1000 && !deadlines.running().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(deadlines.running()).isEmpty();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Test
    void anAnswerThatHasBegunIsBrokenOff() throws Exception {
        CompletableFuture<Throwable> broken = new CompletableFuture<>();
        try (InProcessResponse answer = ask("/api/v1/pods?timeout=50ms", exchange -> {
            exchange.responseBody().write(1);
            exchange.responseBody().flush();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            try {
                while (System.nanoTime() < until) {
                    exchange.responseBody().write(1);
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                broken.complete(e);
                throw e;
            }
        })) {
            assertThat(answer.status()).isEqualTo(200);
            Thread.ofVirtual().start(() -> {
                try {
                    answer.bytes();
                } catch (IOException _) {
                    // The answer ends amid itself: that is what is meant.
                    broken.isDone();
                }
            });
            assertThat(broken.get(15, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAnswerInTimePassesAsItIs() throws Exception {
        try (InProcessResponse answer = ask("/api/v1/pods", exchange -> {
            exchange.responseHeaders().set("X-One", "1").add("X-Two", "a").add("X-Two", "b");
            exchange.status(202);
        })) {
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.headers().first("X-One")).isEqualTo("1");
            assertThat(answer.headers().all("X-Two")).containsExactly("a", "b");
        }
        try (InProcessResponse answer =
                ask("/api/v1/pods", exchange -> exchange.respond(404, "text/plain", new byte[] {1, 2}))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.bytes()).hasSize(2);
        }
        nothingRuns();
    }

    @Test
    void atimeOutThatIsNoneIsRefused() throws Exception {
        try (InProcessResponse answer = ask("/api/v1/pods?timeout=abc", _ -> {})) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(new String(answer.bytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("invalid timeout specified in the request URL - time: invalid duration \\\"abc\\\"");
        }
        for (String none : List.of("0s", "-5s", "100h")) {
            try (InProcessResponse answer = ask("/api/v1/pods?timeout=" + none, _ -> {})) {
                assertThat(answer.status()).as(none).isEqualTo(200);
            }
        }
    }

    @Test
    void whatRunsAsLongAsItsClientLikesHasNoTimeOut() throws Exception {
        for (String path : List.of(
                "/api/v1/pods?watch=true&timeout=1ns",
                "/api/v1/namespaces/a/pods/b/log?timeout=1ns",
                "/api/v1/namespaces/a/pods/b/exec?timeout=1ns",
                "/api/v1/namespaces/a/services/b/proxy/?timeout=1ns")) {
            AtomicReference<HttpExchange> seen = new AtomicReference<>();
            try (InProcessResponse answer = ask(path, seen::set)) {
                assertThat(answer.status()).isEqualTo(200);
            }
            assertThat(seen.get()).as(path).isNotInstanceOf(TimedExchange.class);
        }
        AtomicReference<WatchLifetime> lifetime = new AtomicReference<>();
        ask("/api/v1/pods?watch=true", exchange -> lifetime.set(exchange.attribute(WatchLifetime.class)))
                .close();
        assertThat(lifetime.get()).isEqualTo(new WatchLifetime(7));
    }

    @Test
    void theFirstOfManyTimesIsKept() throws Exception {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        CountDownLatch over = new CountDownLatch(1);
        for (String time : List.of("20s", "10s", "100ms", "15s", "50ms")) {
            CompletableFuture<Integer> code = new CompletableFuture<>();
            all.add(code);
            Thread.ofVirtual().start(() -> {
                try (InProcessResponse answer = ask("/api/v1/pods?timeout=" + time, _ -> await(over))) {
                    code.complete(answer.status());
                } catch (IOException e) {
                    code.completeExceptionally(e);
                }
            });
        }
        assertThat(all.get(2).get(5, TimeUnit.SECONDS)).isEqualTo(504);
        assertThat(all.get(4).get(5, TimeUnit.SECONDS)).isEqualTo(504);
        over.countDown();
        assertThat(all.get(0).get(5, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(all.get(1).get(5, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(all.get(3).get(5, TimeUnit.SECONDS)).isEqualTo(200);
    }
}
