package dev.kite.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.http.QueryParameters;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:10Z");

    @TempDir
    Path folder;

    private Path log() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            text.append("2026-11-24T12:00:0")
                    .append(i)
                    .append(".000000000Z ")
                    .append(i == 3 ? "stderr" : "stdout")
                    .append(" F line ")
                    .append(i)
                    .append('\n');
        }
        return Files.writeString(folder.resolve("0.log"), text);
    }

    private static String read(Path file, String query) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ContainerLog(file, LogOptions.of(QueryParameters.parse(query), NOW), out, () -> false, () -> false).send();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void linesAreSentWithoutTheRuntimesPrefix() throws Exception {
        assertThat(read(log(), "")).isEqualTo("line 0\nline 1\nline 2\nline 3\nline 4\n");
    }

    @Test
    void optionsChooseLines() throws Exception {
        assertThat(read(log(), "tailLines=2")).isEqualTo("line 3\nline 4\n");
        assertThat(read(log(), "tailLines=0")).isEmpty();
        assertThat(read(log(), "tailLines=99")).hasLineCount(5);
        assertThat(read(log(), "sinceSeconds=7")).isEqualTo("line 3\nline 4\n");
        assertThat(read(log(), "sinceTime=2026-11-24T12:00:04Z")).isEqualTo("line 4\n");
        assertThat(read(log(), "limitBytes=10")).isEqualTo("line 0\nlin");
        assertThat(read(log(), "stream=Stderr")).isEqualTo("line 3\n");
        assertThat(read(log(), "timestamps=true&tailLines=1")).isEqualTo("2026-11-24T12:00:04.000000000Z line 4\n");
    }

    @Test
    void partialLinesAreJoined() throws Exception {
        Path file = Files.writeString(
                folder.resolve("p.log"), "2026-11-24T12:00:00Z stdout P one \n2026-11-24T12:00:00Z stdout F line\n");
        assertThat(read(file, "timestamps=true")).isEqualTo("2026-11-24T12:00:00Z one line\n");
    }

    @Test
    void aLineThatIsNotOfTheFormIsShownAsItIs() throws Exception {
        assertThat(read(Files.writeString(folder.resolve("g.log"), "garbage\n\n"), ""))
                .isEqualTo("garbage\n\n");
    }

    @Test
    void wrongOptionsAreRefused() {
        for (String query : new String[] {"tailLines=-1", "limitBytes=0", "sinceSeconds=x", "sinceTime=yesterday"}) {
            assertThatThrownBy(() -> LogOptions.of(QueryParameters.parse(query), NOW))
                    .as(query)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void followingSeesNewLinesAndEndsWithTheContainer() throws Exception {
        Path file = log();
        AtomicBoolean running = new AtomicBoolean(true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogOptions options = LogOptions.of(QueryParameters.parse("follow=true&tailLines=1"), NOW);
        Thread follower = Thread.ofVirtual().start(() -> {
            try {
                new ContainerLog(file, options, out, running::get, () -> false).send();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await(out, "line 4");
        Files.writeString(file, "2026-11-24T12:00:09Z stdout F last\n", StandardOpenOption.APPEND);
        await(out, "last");
        running.set(false);
        follower.join(20_000);
        assertThat(follower.isAlive()).isFalse();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("line 4\nlast\n");
    }

    private static void await(ByteArrayOutputStream out, String text) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!out.toString(StandardCharsets.UTF_8).contains(text) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
    }
}
