package dev.kite.node.self;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.node.KubeletArguments;
import dev.kite.node.self.Pressures.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PressuresTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static List<Threshold> thresholds(String... arguments) {
        return Threshold.all(KubeletArguments.parse(arguments).given());
    }

    private static Map<Signal, Reading> disk(long available) {
        return Map.of(Signal.NODE_DISK, new Reading(available, 1000));
    }

    @Test
    void aFullDiskIsShortUntilEnoughIsFreeAndSaidForSomeTimeAfterwards() {
        Pressures pressures = new Pressures(thresholds(), Duration.ofMinutes(5));
        assertThat(pressures.note(disk(60), NOW)).isNull();
        assertThat(pressures.says("DiskPressure", NOW)).isFalse();
        assertThat(pressures.note(disk(40), NOW)).isEqualTo(new Pressures.Shortage(Signal.NODE_DISK, 50, 40));
        assertThat(pressures.note(disk(140), NOW.plusSeconds(10)))
                .as("not enough is free yet")
                .isNotNull();
        assertThat(pressures.note(disk(160), NOW.plusSeconds(20))).isNull();
        assertThat(pressures.says("DiskPressure", NOW.plusSeconds(300))).isTrue();
        assertThat(pressures.says("DiskPressure", NOW.plusSeconds(311))).isFalse();
    }

    @Test
    void thresholdsAreThoseOfTheArguments() {
        Pressures pressures = new Pressures(
                thresholds("eviction-hard=memory.available<100Mi,nodefs.inodesFree<5%,pid.available<10"),
                Duration.ofSeconds(30));
        assertThat(pressures.note(disk(1), NOW)).as("it is not asked for").isNull();
        assertThat(pressures.note(Map.of(Signal.MEMORY, new Reading(50L << 20, 1L << 30)), NOW))
                .isEqualTo(new Pressures.Shortage(Signal.MEMORY, 100L << 20, 50L << 20));
        assertThat(pressures.says("MemoryPressure", NOW.plusSeconds(29))).isTrue();
        assertThat(pressures.says("MemoryPressure", NOW.plusSeconds(31))).isFalse();
        assertThat(pressures.note(Map.of(Signal.PIDS, new Reading(9, 32768)), NOW))
                .isNotNull();
        assertThat(pressures.note(Map.of(Signal.NODE_INODES, new Reading(40, 1000)), NOW))
                .isNotNull();
        assertThat(thresholds("eviction-hard=memory.available<0,nodefs.available<0%"))
                .as("turned off")
                .isEmpty();
    }

    @Test
    void softThresholdsHaveGraceAndReclaimsTheirAmount() {
        Pressures pressures = new Pressures(
                thresholds(
                        "eviction-hard=",
                        "eviction-soft=memory.available<1Gi",
                        "eviction-soft-grace-period=memory.available=1m30s",
                        "eviction-minimum-reclaim=memory.available=512Mi"),
                Duration.ofMinutes(5));
        Map<Signal, Reading> little = Map.of(Signal.MEMORY, new Reading(900L << 20, 4L << 30));
        assertThat(pressures.note(little, NOW)).isNull();
        assertThat(pressures.note(little, NOW.plusSeconds(89))).isNull();
        assertThat(pressures.note(little, NOW.plusSeconds(90))).isNotNull();
        assertThat(pressures.note(Map.of(Signal.MEMORY, new Reading(1200L << 20, 4L << 30)), NOW.plusSeconds(100)))
                .isNotNull();
        assertThat(pressures.note(Map.of(Signal.MEMORY, new Reading(1600L << 20, 4L << 30)), NOW.plusSeconds(110)))
                .isNull();
    }

    @Test
    void wrongThresholdsAreToldInOneLine() {
        for (String[] wrong : List.of(
                new String[] {"eviction-hard=disk.free<5%", "unsupported eviction signal disk.free"},
                new String[] {"eviction-hard=memory.available", "not of the form"},
                new String[] {"eviction-hard=memory.available<lots", "is no quantity"},
                new String[] {"eviction-hard=memory.available<101%", "is no part of 100%"},
                new String[] {"eviction-soft=memory.available<1Gi", "grace period must be specified"})) {
            assertThatThrownBy(() -> thresholds(wrong[0]))
                    .isInstanceOf(ArgumentException.class)
                    .hasMessageContaining(wrong[1]);
        }
    }

    @Property
    void anyThresholdIsReadOrRefused(@ForAll String text) {
        try {
            assertThat(thresholds("eviction-hard=" + text)).isNotNull();
        } catch (ArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Test
    void theMachineIsMeasured(@TempDir Path folder) throws IOException {
        var readings = new Readings(folder, folder.resolve("none")).read(Set.of(Signal.values()));
        assertThat(readings).containsOnlyKeys(Signal.values());
        assertThat(readings.get(Signal.NODE_DISK).all()).isPositive();
        assertThat(Readings.memory("MemTotal: 100 kB\nMemFree: 1 kB\nMemAvailable: 40 kB\n"))
                .isEqualTo(new Reading(40 * 1024, 100 * 1024));
        assertThat(Readings.pids("0.1 0.2 0.3 2/700 99", "32768")).isEqualTo(new Reading(32068, 32768));
        assertThat(Readings.pids("nonsense", "x")).isEqualTo(new Reading(0, 0));
    }

    @Test
    void otherKernelParametersSwapAndOldCgroupsAreRefusedWhereAskedFor(@TempDir Path folder) throws IOException {
        Map<String, String> files = Map.of(
                "vm/overcommit_memory", "1",
                "vm/panic_on_oom", "0",
                "kernel/panic", "10",
                "kernel/panic_on_oops", "1",
                "kernel/keys/root_maxkeys", "1000000",
                "kernel/keys/root_maxbytes", "25000000");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue() + "\n");
        }
        KernelDefaults.protect(folder);
        Files.writeString(folder.resolve("vm/overcommit_memory"), "0\n");
        assertThatThrownBy(() -> KernelDefaults.protect(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("protect-kernel-defaults: [invalid kernel flag: vm/overcommit_memory, expected value: 1,"
                        + " actual value: 0]");
        KernelDefaults.refuseSwap("Filename Type Size Used Priority\n");
        assertThatThrownBy(() -> KernelDefaults.refuseSwap("Filename Type Size\n/dev/sda2 partition 1\n"))
                .hasMessageContaining("running with swap on is not supported");
        assertThatThrownBy(() -> KernelDefaults.refuseOldCgroups(folder)).hasMessageContaining("cgroup v1");
        Files.writeString(folder.resolve("cgroup.controllers"), "cpu");
        KernelDefaults.refuseOldCgroups(folder);
    }
}
