package dev.kite.controllers;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.ServerSettings;
import dev.kite.client.SystemControllerFactory;
import dev.kite.client.testing.FakeCluster;
import dev.kite.controllers.base.Loop;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ServiceAccountTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControllerManagerTest {
    private static final Pattern OURS = Pattern.compile("\"name\": \"(kite-[^\"]+|in-process [^\"]+)\"");

    @TempDir
    Path folder;

    private int dumps;

    private static <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        method.getReturnType() == String.class ? "PEM" : method.getDefaultValue()));
    }

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
    void loopsEndAllThatTheyStarted() throws Exception {
        assertThat(threads()).isEmpty();
        try (FakeCluster cluster = new FakeCluster()) {
            ComponentArguments arguments = ComponentArguments.of(
                    UpstreamComponent.CONTROLLER_MANAGER, "controllers=" + ControllerNames.DEFAULT);
            List<Loop> loops = Loops.all(
                    fake(ServerSettings.class),
                    arguments,
                    fake(ClusterCertificates.class),
                    fake(ServiceAccountTokens.class));
            assertThat(loops).hasSizeGreaterThan(25);
            for (int i = 0; i < 2; i++) {
                ControllerManager manager = new ControllerManager(
                        cluster.clients(), new SystemControllerFactory(), Clock.systemUTC(), arguments, loops);
                eventually(
                        "workers run",
                        () -> threads().stream()
                                        .filter(name -> name.matches("kite-.*-[0-9]+"))
                                        .count()
                                > 50);
                assertThat(manager.detail()).isEqualTo(loops.size() + " loops");
                manager.close();
                eventually("no thread is left", () -> threads().isEmpty());
            }
        }
    }
}
