package dev.kite.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.cri.ContainerImage;
import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.ContainerStatus;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.pod.PodView.Instance;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {
    private static final long LARGEST = 10L << 20;
    private static final int FILES = 5;

    @TempDir
    Path folder;

    private final AtomicReference<Instant> time = new AtomicReference<>(Pods.T0);
    private final List<String> calls = new ArrayList<>();

    /** A runtime that opens logs anew, lists one used image, and notes calls. */
    private ContainerRuntime runtime(Path log, List<ContainerImage> images) {
        return (ContainerRuntime) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ContainerRuntime.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName() + (arguments == null ? "" : " " + arguments[0]));
                    return switch (method.getName()) {
                        case "reopenLog" -> {
                            Files.writeString(log, "");
                            yield null;
                        }
                        case "images" -> images;
                        case "containers", "imageFileSystems" -> List.of();
                        default -> null;
                    };
                });
    }

    private static void grow(Path file, long size) {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void largeLogsAreMovedAsideCompressedAndCounted() throws IOException {
        Path log = folder.resolve("0.log");
        Instance running = Pods.running("a", "s", 0);
        ContainerStatus was = running.status();
        Instance instance = new Instance(
                "s",
                new ContainerStatus(
                        was.id(),
                        was.name(),
                        was.attempt(),
                        was.state(),
                        was.createdAt(),
                        was.startedAt(),
                        null,
                        0,
                        "",
                        "",
                        "",
                        "",
                        Map.of(),
                        Map.of(),
                        List.of(),
                        log.toString(),
                        null));
        LogRotation rotation = new LogRotation(runtime(log, List.of()), LARGEST, FILES, time::get);
        grow(log, LARGEST);
        rotation.look(List.of(instance));
        assertThat(calls).as("not yet too large").isEmpty();
        for (int i = 0; i < 8; i++) {
            grow(log, LARGEST + 1);
            rotation.look(List.of(instance));
            time.updateAndGet(now -> now.plusSeconds(60));
        }
        assertThat(calls).hasSize(8).allMatch(call -> call.equals("reopenLog a0"));
        assertThat(log).isEmptyFile();
        List<Path> former = LogRotation.former(log);
        assertThat(former).hasSize(FILES - 1);
        assertThat(former.getLast().getFileName()).hasToString("0.log.20260101-000700");
        assertThat(former.subList(0, 3)).allMatch(file -> file.toString().endsWith(".gz"));
    }

    @Test
    void imagesGoOnlyWhenUnusedUnpinnedAndNotYoung() throws IOException {
        ContainerImage old = new ContainerImage("old", List.of("r.test/old:1"), List.of(), 10, null, "", false);
        ContainerImage pinned = new ContainerImage("pinned", List.of("r.test/p:1"), List.of(), 10, null, "", true);
        ContainerImage pause = new ContainerImage("pause", List.of("kite.dev/pause:1"), List.of(), 10, null, "", false);
        List<ContainerImage> images = List.of(old, pinned, pause);
        ImageCollection collection = new ImageCollection(
                runtime(folder, images), "kite.dev/pause:1", 85, 80, ImageCollection.YOUNG, time::get);
        collection.look();
        assertThat(collection.candidates(images, time.get()))
                .as("all are young")
                .isEmpty();
        assertThat(collection.candidates(images, time.get().plusSeconds(180))).containsExactly(old);
    }

    @Test
    void theLeastImportantAndLargestPodIsEvictedNeverACriticalOne() {
        Pod critical = pod("critical", 2_000_001_000, "");
        Pod important = pod("important", 10, "");
        Pod small = pod("small", 0, "");
        Pod large = pod("large", 0, "");
        Pod burstable = pod("burstable", 0, "1");
        Map<String, Long> bytes = Map.of("small", 1L, "large", 100L, "burstable", 1000L);
        assertThat(Eviction.choose(List.of(critical, important, burstable, small, large), bytes))
                .contains(large);
        assertThat(Eviction.choose(List.of(critical, important, burstable), bytes))
                .contains(burstable);
        assertThat(Eviction.choose(List.of(critical, important), bytes)).contains(important);
        assertThat(Eviction.choose(List.of(critical), bytes)).isEmpty();
    }

    private static Pod pod(String name, int priority, String cpu) {
        return Pod.builder()
                .metadata(meta -> meta.name(name).uid(name))
                .spec(spec -> spec.priority(priority).addContainers(one -> {
                    one.name("a");
                    if (!cpu.isEmpty()) {
                        one.resources(resources -> resources.putRequests("cpu", Quantity.parse(cpu)));
                    }
                }))
                .build();
    }

    @Test
    void onlyTheLogsOfTheLastInstanceAreKept() throws IOException {
        for (String name : List.of("0.log", "1.log", "1.log.20260101-000000.gz", "2.log", "3.log", "x.log", "other")) {
            Files.writeString(folder.resolve(name), "");
        }
        FormerLogs.prune(folder, 4);
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("3.log", "x.log", "other");
        }
        FormerLogs.prune(folder.resolve("absent"), 4);
    }

    @Test
    void diskSpaceIsFreedDownToTheLowMark() {
        assertThat(ImageCollection.surplus(1000, 200, 85, 80)).isZero();
        assertThat(ImageCollection.surplus(1000, 150, 85, 80)).isEqualTo(50);
        assertThat(ImageCollection.surplus(1000, 0, 85, 80)).isEqualTo(200);
        assertThat(ImageCollection.surplus(0, 0, 85, 80)).isZero();
    }
}
