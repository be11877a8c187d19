package dev.kite.scheduler;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.kite.api.security.UserInfo;
import dev.kite.client.testing.FakeCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadsTest {
    private static final Pattern OURS = Pattern.compile("\"name\": \"(kite-[^\"]+|in-process [^\"]+)\"");

    @TempDir
    Path folder;

    private int dumps;

    /** Virtual threads show only in a dump. */
    private List<String> threads() {
        try {
            Path file = folder.resolve("threads" + dumps++ + ".json");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            return OURS.matcher(Files.readString(file))
                    .results()
                    .map(m -> m.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void schedulerEndsAllThatItStarted() {
        eventually("nothing runs before", () -> threads().isEmpty());
        try (FakeCluster cluster = new FakeCluster()) {
            Scheduler scheduler = new Scheduler(
                    cluster.clients().inProcess(UserInfo.of("system:kube-scheduler")),
                    Clock.systemUTC(),
                    Configuration.DEFAULT);
            eventually(
                    "it runs",
                    () -> threads().contains("kite-scheduler") && threads().size() > 7);
            scheduler.close();
            eventually("no thread is left", () -> threads().isEmpty());
            assertThat(threads()).isEmpty();
        }
    }
}
