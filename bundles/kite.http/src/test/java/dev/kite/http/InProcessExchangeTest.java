package dev.kite.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.http.RequestDispatcher;
import dev.kite.api.security.UserInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InProcessExchangeTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void wholeBodiesAreHandedOverWithoutCopying() throws Exception {
        byte[] body = new byte[1_000_000];
        InProcessExchange exchange = InProcessExchange.request("GET", "/api/v1/pods?limit=5")
                .user(UserInfo.of("me"))
                .build();
        try (InProcessResponse response = exchange.send(e -> e.respond(200, "application/json", body))) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers().first("content-length")).isEqualTo("1000000");
            assertThat(response.bytes()).isSameAs(body);
        }
    }

    @Test
    void carriesMethodPathQueryHeadersBodyAndUser() throws Exception {
        InProcessExchange exchange = InProcessExchange.request("POST", "/a%20b?x=1&x=2")
                .header("Accept", "text/plain")
                .body("text/plain", bytes("hello"))
                .user(UserInfo.of("alice"))
                .build();
        RequestDispatcher echo = e -> {
            e.status(201);
            String text = e.method()
                    + e.path()
                    + e.query().all("x")
                    + e.requestHeaders().first("accept")
                    + e.user().name();
            e.responseBody().write(bytes(text));
            e.requestBody().transferTo(e.responseBody());
        };
        try (InProcessResponse response = exchange.send(echo)) {
            assertThat(response.status()).isEqualTo(201);
            assertThat(response.bytes()).asString().isEqualTo("POST/a b[1, 2]text/plainalicehello");
        }
    }

    @Test
    void eventsAreSeenAsTheyAreFlushed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RequestDispatcher watch = e -> {
            e.responseBody().write(bytes("one"));
            e.responseBody().flush();
            await(go);
            e.responseBody().write(bytes("two"));
        };
        try (InProcessResponse response =
                InProcessExchange.request("GET", "/w").build().send(watch)) {
            assertThat(response.body().readNBytes(3)).asString().isEqualTo("one");
            go.countDown();
            assertThat(response.body().readAllBytes()).asString().isEqualTo("two");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void closingTheResponseStopsItsWriterAndTellsItsHandler() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch failed = new CountDownLatch(1);
        RequestDispatcher endless = e -> {
            e.onClose(told::countDown);
            try {
                while (true) {
                    e.responseBody().write(new byte[1000]);
                    e.responseBody().flush();
                }
            } catch (IOException gone) {
                assertThat(e.closed()).isTrue();
                failed.countDown();
                throw gone;
            }
        };
        InProcessResponse response =
                InProcessExchange.request("GET", "/w").build().send(endless);
        response.body().readNBytes(5000);
        response.close();
        await(told);
        await(failed);
        assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(IOException.class);
    }

    @Test
    void slowReadersBoundWhatIsHeld() throws Exception {
        AtomicLong written = new AtomicLong();
        RequestDispatcher flood = e -> {
            for (int i = 0; i < 10_000; i++) {
                e.responseBody().write(new byte[1000]);
                written.addAndGet(1000);
            }
        };
        try (InProcessResponse response =
                InProcessExchange.request("GET", "/w").build().send(flood)) {
            Thread.sleep(300);
            assertThat(written.get()).isLessThan(2L * ResponsePipe.BOUND);
            assertThat(response.bytes()).hasSize(10_000_000);
        }
    }

    @Test
    void failuresReachTheClient() throws Exception {
        InProcessExchange before = InProcessExchange.request("GET", "/x").build();
        assertThatThrownBy(() -> before.send(e -> {
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broken");
        RequestDispatcher after = e -> {
            e.responseBody().write(1);
            e.responseBody().flush();
            throw new IOException("amid");
        };
        try (InProcessResponse response =
                InProcessExchange.request("GET", "/x").build().send(after)) {
            assertThatThrownBy(response::bytes).isInstanceOf(IOException.class).hasMessageContaining("amid");
        }
    }
}
