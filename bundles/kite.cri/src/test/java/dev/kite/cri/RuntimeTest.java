package dev.kite.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kite.cli.image.BusyboxImage;
import dev.kite.linux.Mounts;
import dev.kite.linux.NetworkNamespace;
import dev.kite.linux.Processes;
import dev.kite.linux.RouteNetlink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RuntimeTest {
    @Test
    void containersLiveOnRealContainerdAndOutliveItsRestarts() throws Exception {
        assumeTrue(Processes.effectiveUser() == 0, "skipped: containers need root");
        assumeTrue(BusyboxImage.available(), "skipped: no static busybox");
        for (String program : List.of("containerd", "runc", "ctr", "nsenter")) {
            assumeTrue(
                    new Programs(Path.of("/absent"), System.getenv("PATH"))
                            .find(program)
                            .isPresent(),
                    "skipped: no " + program);
        }
        Path data = Files.createTempDirectory("kite-cri-");
        String name = "cri-" + UUID.randomUUID().toString().substring(0, 8);
        NetworkNamespace namespace = NetworkNamespace.create(name);
        try {
            namespace.call(() -> {
                try (RouteNetlink netlink = RouteNetlink.open()) {
                    netlink.setUp(netlink.link("lo").orElseThrow().index(), true);
                }
                return null;
            });
            Process trial = new ProcessBuilder(
                            "nsenter",
                            "--net=" + namespace.path(),
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RuntimeTrial.class.getName(),
                            data.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.out.println(output);
            assertThat(trial.waitFor()).as(output).isZero();
            assertThat(output).contains("trial passed");
        } finally {
            endShims(data);
            Mounts.unmountAll(data);
            Mounts.unmountAll(ContainerdLayout.of(data).state());
            delete(data);
            delete(ContainerdLayout.of(data).state().getParent());
            NetworkNamespace.delete(name);
        }
    }

    /** What a failed trial left running: shims that name this trial's own socket. */
    private static void endShims(Path data) throws IOException {
        String socket = ContainerdLayout.of(data).socket().toString();
        for (int pid : Processes.list()) {
            List<String> arguments = Processes.arguments(pid);
            if (arguments.contains(socket) && arguments.getFirst().contains("containerd-shim")) {
                ProcessHandle.of(pid).ifPresent(shim -> {
                    shim.descendants().forEach(ProcessHandle::destroyForcibly);
                    shim.destroyForcibly();
                });
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
