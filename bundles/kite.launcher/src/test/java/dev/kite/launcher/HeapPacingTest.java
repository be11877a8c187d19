package dev.kite.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeapPacingTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void aCollectionIsDueAtTwiceWhatLivesAndNotForLittle() {
        assertThat(HeapPacing.threshold(0, -1)).isEqualTo(HeapPacing.SLACK);
        assertThat(HeapPacing.threshold(10 * MEGABYTE, -1)).isEqualTo(10 * MEGABYTE + HeapPacing.SLACK);
        assertThat(HeapPacing.threshold(500 * MEGABYTE, 4096 * MEGABYTE)).isEqualTo(1000 * MEGABYTE);
        assertThat(HeapPacing.threshold(500 * MEGABYTE, 600 * MEGABYTE)).isEqualTo(600 * MEGABYTE);
    }

    @Test
    @Timeout(120)
    void anOldGenerationFullOfGarbageIsCollectedLongBeforeTheHeapsLimit() throws Exception {
        assertThat(committed("-XX:+UseSerialGC", "paced")).isLessThan(300 * MEGABYTE);
        assertThat(committed("-XX:+UseSerialGC", "alone")).isGreaterThan(400 * MEGABYTE);
    }

    @Test
    @Timeout(120)
    void aCollectorThatPacesItselfIsLeftAlone() throws Exception {
        assertThat(committed("-XX:+UseParallelGC", "none")).isZero();
    }

    private static long committed(String collector, String mode) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        collector,
                        "-Xms24m",
                        "-Xmx1g",
                        "-XX:NewSize=8m",
                        "-XX:MaxNewSize=8m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Churn.class.getName(),
                        mode))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return Long.parseLong(output.strip());
    }

    /** Keeps the newest 16 MB of a gigabyte of arrays, so that all of them die in the old generation; prints what that took from the machine. */
    static final class Churn {
        private Churn() {}

        /** @param arguments paced, alone, or none to ask only whether this collector would be paced */
        public static void main(String[] arguments) {
            var pacing = arguments[0].equals("alone") ? java.util.Optional.<HeapPacing>empty() : HeapPacing.start();
            if (arguments[0].equals("none")) {
                System.out.println(pacing.isPresent() ? 1 : 0);
                return;
            }
            ArrayDeque<byte[]> kept = new ArrayDeque<>();
            for (int i = 0; i < 64 * 1024; i++) {
                kept.add(new byte[16 * 1024]);
                if (kept.size() > 1024) {
                    kept.remove();
                }
            }
            System.out.println(ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getName().equals("Tenured Gen"))
                    .map(MemoryPoolMXBean::getPeakUsage)
                    .mapToLong(usage -> usage.getCommitted())
                    .sum());
            pacing.ifPresent(HeapPacing::close);
        }
    }
}
