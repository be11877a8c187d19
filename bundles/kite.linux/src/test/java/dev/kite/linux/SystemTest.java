package dev.kite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemTest {
    @TempDir
    Path folder;

    @Test
    void mountsAppearAndGoAgain() throws Exception {
        assumeTrue(Processes.effectiveUser() == 0, "skipped: mounting needs root");
        Path tmpfs = Files.createDirectory(folder.resolve("t"));
        Path seen = Files.createDirectory(folder.resolve("seen"));
        Mounts.tmpfs(tmpfs, 1 << 20, 0755);
        try {
            Files.writeString(tmpfs.resolve("f"), "x");
            assertThat(FileSystemUsage.of(tmpfs).capacityBytes()).isEqualTo(1 << 20);
            assertThat(FileSystemUsage.of(tmpfs).type()).isEqualTo(0x01021994);
            Mounts.bind(tmpfs, seen);
            Mounts.remountReadOnly(seen);
            assertThat(seen.resolve("f")).hasContent("x");
            assertThatThrownBy(() -> Files.writeString(seen.resolve("g"), "y")).isInstanceOf(IOException.class);
            assertThat(Mounts.isMountPoint(seen)).isTrue();
        } finally {
            Mounts.unmountAll(folder);
        }
        assertThat(Mounts.isMountPoint(seen)).isFalse();
        assertThat(Mounts.isMountPoint(tmpfs)).isFalse();
        assertThatThrownBy(() -> Mounts.unmount(tmpfs)).isInstanceOf(ErrnoException.class);
    }

    @Test
    void aLockIsHeldByOneUntilClosed() throws Exception {
        Path file = folder.resolve("lock");
        try (FileLock held = FileLock.tryLock(file).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(FileLock.tryLock(file)).isEmpty();
        }
        try (FileLock again = FileLock.tryLock(file).orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void signalsReachTheProcessAndTellWhetherItIsThere() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        int pid = (int) sleep.pid();
        assertThat(Signals.kill(pid, 0)).isTrue();
        assertThat(Processes.arguments(pid)).containsExactly("sleep", "60");
        assertThat(Processes.find(pid).orElseThrow().parent())
                .isEqualTo((int) ProcessHandle.current().pid());
        assertThat(Processes.list()).contains(pid);
        assertThat(Signals.kill(pid, Signals.SIGTERM)).isTrue();
        assertThat(sleep.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(Signals.kill(pid, 0)).isFalse();
        assertThat(Processes.find(pid)).isEmpty();
        assertThatThrownBy(() -> Signals.kill(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theServiceManagerIsToldBySocketPathAndAbstractName() throws Exception {
        assertThat(new SystemdNotifier(Map.of()).notify("READY=1")).isFalse();
        assertThatThrownBy(() -> new SystemdNotifier(Map.of("NOTIFY_SOCKET", "relative")).notify("READY=1"))
                .isInstanceOf(IOException.class);
        Path socket = folder.resolve("notify");
        assertThatThrownBy(() -> new SystemdNotifier(Map.of("NOTIFY_SOCKET", socket.toString())).notify("READY=1"))
                .isInstanceOf(ErrnoException.class);
        String receive = "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\n"
                + "s.bind(sys.argv[1].replace('@','\\0',1))\nprint('bound',flush=True)\nprint(s.recv(99).decode())";
        for (String address : new String[] {
            socket.toString(), "@kite-linux-" + ProcessHandle.current().pid()
        }) {
            Process python = new ProcessBuilder("python3", "-c", receive, address).start();
            try (var lines = python.inputReader()) {
                assertThat(lines.readLine()).isEqualTo("bound");
                assertThat(new SystemdNotifier(Map.of("NOTIFY_SOCKET", address)).notify("READY=1"))
                        .isTrue();
                assertThat(lines.readLine()).isEqualTo("READY=1");
            } finally {
                python.destroyForcibly();
            }
        }
    }
}
