package dev.kite.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.WatchEndedException;
import dev.kite.api.client.WatchEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static WatchStream<ObjectNode> watch(String text) {
        ObjectMapper mapper = new ObjectMapper();
        var answer = new Transport.Answer() {
            @Override
            public int status() {
                return 200;
            }

            @Override
            public InputStream body() {
                return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void close() {}
        };
        return new WatchStream<>(answer, new TreeShape(mapper), mapper, "test");
    }

    private static void endsWith(String text, String why) {
        try (var watch = watch(text)) {
            assertThatThrownBy(() -> watch.next(Duration.ofSeconds(5)))
                    .isInstanceOf(WatchEndedException.class)
                    .hasMessageContaining(why);
        }
    }

    @Test
    void framesAreLines() throws IOException {
        var reader = new FrameReader(new ByteArrayInputStream("a\n\nbc\nd".getBytes(StandardCharsets.UTF_8)), 10);
        assertThat(new String(reader.next(), StandardCharsets.UTF_8)).isEqualTo("a");
        assertThat(new String(reader.next(), StandardCharsets.UTF_8)).isEqualTo("bc");
        assertThat(new String(reader.next(), StandardCharsets.UTF_8)).isEqualTo("d");
        assertThat(reader.next()).isNull();
    }

    @Test
    void endlessFrameIsRefused() {
        var endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThatThrownBy(() -> new FrameReader(endless, 1000).next()).isInstanceOf(IOException.class);
    }

    @Test
    void hostileFramesEndTheWatchAndSayWhy() {
        endsWith("", "the server ended the watch");
        endsWith("[1]\n", "no object");
        endsWith("{\"type\":\"ADDED\"}\n", "lacks type or object");
        endsWith("{\"object\":{}}\n", "lacks type or object");
        endsWith("{\"type\":\"ADDED\",\"object\":{\"a\":", "broke");
        endsWith("{\"type\":\"NEWS\",\"object\":{}}\n", "unknown watch event");
        endsWith("{".repeat(100_000) + "\n", "broke");
        endsWith("\u0000\u0001\n", "broke");
    }

    @Test
    void objectMayComeBeforeItsType() throws Exception {
        try (var watch = watch("{\"object\":{\"metadata\":{\"name\":\"é\"}},\"type\":\"ADDED\"}\n")) {
            assertThat(watch.next(Duration.ofSeconds(5)))
                    .isInstanceOfSatisfying(
                            WatchEvent.Added.class,
                            added -> assertThat(added.object().toString()).contains("é"));
        }
    }

    @Test
    void errorFrameTellsWhetherAListIsNeeded() {
        try (var watch = watch(
                "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"old\"}}\n")) {
            assertThatThrownBy(() -> watch.next(Duration.ofSeconds(5)))
                    .isInstanceOfSatisfying(
                            WatchEndedException.class,
                            e -> assertThat(e.expired()).isTrue());
        }
    }

    @Test
    void bookmarkCarriesItsVersion() throws Exception {
        try (var watch = watch(
                "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"7\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}\n")) {
            assertThat(watch.next(Duration.ofSeconds(5))).isEqualTo(new WatchEvent.Bookmark<>("7", true));
        }
    }
}
