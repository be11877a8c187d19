package dev.kite.http.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.BodyTooLargeException;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.http.HttpRoute;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApiDispatcherTest {
    private final ApiDispatcher dispatcher =
            new ApiDispatcher(Duration.ofMillis(1000), Duration.ofMillis(100), Duration.ofSeconds(2));

    private record Route(String prefix, boolean anonymous, HttpHandler handler) implements HttpRoute {
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            handler.handle(exchange);
        }
    }

    private record Filter(int order, String name, Around around) implements HttpFilter {
        interface Around {
            void run(HttpExchange exchange, HttpHandler next) throws IOException;
        }

        @Override
        public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
            around.run(exchange, next);
        }
    }

    private static HttpRoute route(String prefix, String answer) {
        return new Route(prefix, false, e -> e.respond(200, "text/plain", answer.getBytes(StandardCharsets.UTF_8)));
    }

    private record Answer(int status, String body) {}

    private Answer get(String path) throws IOException {
        try (InProcessResponse response =
                InProcessExchange.request("GET", path).build().send(dispatcher)) {
            return new Answer(response.status(), new String(response.bytes(), StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void guards() {
        dispatcher.addFilter(new Filter(100, "authentication", (e, next) -> next.handle(e)));
        dispatcher.addFilter(new Filter(500, "authorization", (e, next) -> next.handle(e)));
    }

    @Test
    void theLongestPrefixAnswers() throws Exception {
        dispatcher.addRoute(route("/", "all"));
        dispatcher.addRoute(route("/static/", "static"));
        dispatcher.addRoute(route("/ping", "pong"));
        assertThat(get("/ping").body()).isEqualTo("pong");
        assertThat(get("/ping/x").body()).isEqualTo("all");
        assertThat(get("/static/a/b").body()).isEqualTo("static");
        assertThat(get("/static").body()).isEqualTo("all");
        assertThat(get("/api").body()).isEqualTo("all");
    }

    @Test
    void withoutRouteIsStartingUntilTheRouteOfAllElseCameThenNotFound() throws Exception {
        assertThat(get("/x").status()).isEqualTo(503);
        HttpRoute all = route("/", "all");
        dispatcher.addRoute(all);
        dispatcher.removeRoute(all);
        Answer gone = get("/x");
        assertThat(gone.status()).isEqualTo(503);
        Thread.sleep(200);
        Answer missing = get("/x");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.body()).contains("\"reason\":\"NotFound\"");
    }

    @Test
    void filtersRunInOrderAndAnonymousRoutesPassNone() throws Exception {
        List<String> seen = new ArrayList<>();
        dispatcher.addFilter(new Filter(300, "late", (e, next) -> {
            seen.add("300");
            next.handle(e);
        }));
        dispatcher.addFilter(new Filter(200, "early", (e, next) -> {
            seen.add("200");
            next.handle(e);
        }));
        dispatcher.addRoute(route("/", "all"));
        dispatcher.addRoute(new Route("/cacerts", true, e -> e.respond(200, "text/plain", new byte[0])));
        assertThat(get("/x").status()).isEqualTo(200);
        assertThat(seen).containsExactly("200", "300");
        assertThat(get("/cacerts").status()).isEqualTo(200);
        assertThat(seen).hasSize(2);
    }

    @Test
    void nothingIsLetThroughWhileAGuardIsMissing() throws Exception {
        AtomicBoolean reached = new AtomicBoolean();
        ApiDispatcher open = new ApiDispatcher(Duration.ofMillis(100), Duration.ZERO, Duration.ZERO);
        open.addRoute(new Route("/", false, e -> reached.set(true)));
        open.addFilter(new Filter(100, "authentication", (e, next) -> next.handle(e)));
        try (InProcessResponse response =
                InProcessExchange.request("GET", "/x").build().send(open)) {
            assertThat(response.status()).isEqualTo(503);
        }
        assertThat(reached).isFalse();
    }

    @Test
    void aFilterThatPassesTwiceIsNamed() throws Exception {
        dispatcher.addRoute(route("/", "all"));
        dispatcher.addFilter(new Filter(400, "careless", (e, next) -> {
            next.handle(e);
            next.handle(e);
        }));
        dispatcher.addRoute(new Route("/two", false, e -> {}));
        Answer answer = get("/two");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("careless").contains("twice");
    }

    @Test
    void failuresAreAnsweredAsStatuses() throws Exception {
        dispatcher.addRoute(new Route("/fail", false, e -> {
            throw new IllegalStateException("why");
        }));
        dispatcher.addRoute(new Route("/large", false, e -> {
            throw new BodyTooLargeException(3);
        }));
        assertThat(get("/fail").status()).isEqualTo(500);
        assertThat(get("/fail").body()).contains("\"reason\":\"InternalError\"").contains("why");
        assertThat(get("/large").status()).isEqualTo(413);
        assertThat(get("/large").body()).contains("\"reason\":\"RequestEntityTooLarge\"");
    }

    @Test
    void swapsUnderRequestsFailNone() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger version = new AtomicInteger();
        dispatcher.addRoute(route("/", "all"));
        HttpRoute current = versioned(version.incrementAndGet());
        dispatcher.addRoute(current);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    try {
                        Answer answer = get("/swapped/x");
                        (answer.status() == 200 && answer.body().startsWith("version") ? answered : failed)
                                .incrementAndGet();
                    } catch (IOException broken) {
                        failed.incrementAndGet();
                    }
                }
            }));
        }
        for (int i = 0; i < 20; i++) {
            dispatcher.removeRoute(current);
            Thread.sleep(15);
            current = versioned(version.incrementAndGet());
            dispatcher.addRoute(current);
            Thread.sleep(15);
        }
        stop.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failed).hasValue(0);
        assertThat(answered.get()).isPositive();
    }

    /** A route that must not be entered once it is gone. */
    private HttpRoute versioned(int number) {
        return new Route("/swapped/", false, e -> {
            try {
                Thread.sleep(2);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            e.respond(200, "text/plain", ("version" + number).getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void watchesInARouteThatGoesAreToldAndEndWell() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        HttpRoute watch = new Route("/watch", false, e -> {
            CountDownLatch told = new CountDownLatch(1);
            e.onClose(told::countDown);
            e.responseBody().write("first".getBytes(StandardCharsets.UTF_8));
            e.responseBody().flush();
            begun.countDown();
            try {
                told.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            e.responseBody().write("last".getBytes(StandardCharsets.UTF_8));
        });
        dispatcher.addRoute(watch);
        try (InProcessResponse response =
                InProcessExchange.request("GET", "/watch").build().send(dispatcher)) {
            assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
            long start = System.nanoTime();
            dispatcher.removeRoute(watch);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
            assertThat(response.bytes()).asString().isEqualTo("firstlast");
        }
    }
}
