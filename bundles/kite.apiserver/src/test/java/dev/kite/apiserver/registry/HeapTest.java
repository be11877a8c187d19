package dev.kite.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.HeapLoad;
import dev.kite.behaviour.Behaviour;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What objects cost, in a JVM of its own. */
class HeapTest {
    @Test
    @Timeout(300)
    @Behaviour("100,000 objects of 1 KB within 512 MB of heap.")
    void aHundredThousandObjectsAreHeldAndListedInEveryFormWithinTheirBound(@TempDir Path folder) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeapLoad.class.getName(),
                        folder.toString(),
                        "100000")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        long held = output.lines()
                .filter(line -> line.startsWith("held "))
                .mapToLong(line -> Long.parseLong(line.substring(5)))
                .findFirst()
                .orElseThrow();
        assertThat(held).as("bytes held for an object of 1 KB\n%s", output).isBetween(800L, 2048L);
        // Shown in the report: the figures that docs/performance.md speaks of.
        System.out.println(output);
    }
}
