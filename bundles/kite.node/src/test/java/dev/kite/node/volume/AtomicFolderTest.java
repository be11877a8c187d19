package dev.kite.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kite.node.volume.AtomicFolder.FileContent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
    @TempDir
    Path folder;

    private static SortedMap<String, FileContent> files(Map<String, String> contents) {
        SortedMap<String, FileContent> files = new TreeMap<>();
        contents.forEach((name, text) -> files.put(name, new FileContent(text.getBytes(StandardCharsets.UTF_8), 0640)));
        return files;
    }

    @Test
    void filesAreLinksThroughDataWithTheirModes() throws Exception {
        new AtomicFolder(folder).write(files(Map.of("a", "1", "sub/b", "2")), null);
        assertThat(folder.resolve("a")).hasContent("1").isSymbolicLink();
        assertThat(folder.resolve("sub/b")).hasContent("2");
        assertThat(Files.readSymbolicLink(folder.resolve("a"))).hasToString("..data/a");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a"))))
                .isEqualTo("rw-r-----");
    }

    /** Chowning needs root. */
    @Test
    void groupOfThePodReadsButDoesNotWriteWhatTheNodeWrites() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        SortedMap<String, FileContent> files = new TreeMap<>(Map.of("a", new FileContent(new byte[] {1}, 0400)));
        new AtomicFolder(folder).write(files, 1001L);
        Path file = folder.resolve("a").toRealPath();
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(1001);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("r--r-----");
        assertThat((Integer) Files.getAttribute(file.getParent(), "unix:mode") & 02070)
                .isEqualTo(02050);
    }

    @Test
    void changedFilesReplaceOldOnesAndNothingElseStays() throws Exception {
        AtomicFolder atomic = new AtomicFolder(folder);
        atomic.write(files(Map.of("a", "1", "b", "1")), null);
        atomic.write(files(Map.of("a", "2")), null);
        assertThat(folder.resolve("a")).hasContent("2");
        assertThat(Files.exists(folder.resolve("b"), LinkOption.NOFOLLOW_LINKS)).isFalse();
        try (var entries = Files.list(folder)) {
            assertThat(entries).hasSize(3);
        }
    }

    @Test
    void nothingIsWrittenWhereNothingChanged() throws Exception {
        AtomicFolder atomic = new AtomicFolder(folder);
        atomic.write(files(Map.of("a", "1")), null);
        Path before = Files.readSymbolicLink(folder.resolve("..data"));
        atomic.write(files(Map.of("a", "1")), null);
        assertThat(Files.readSymbolicLink(folder.resolve("..data"))).isEqualTo(before);
    }

    @Test
    void readersSeeOldOrNewFilesButNeverAMix() throws Exception {
        AtomicFolder atomic = new AtomicFolder(folder);
        atomic.write(files(Map.of("a", "0", "b", "0")), null);
        AtomicBoolean mixed = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        Thread reader = Thread.ofVirtual().name("reader").start(() -> {
            while (!done.get()) {
                try {
                    Path current = folder.resolve(Files.readSymbolicLink(folder.resolve("..data")));
                    if (!Files.readString(current.resolve("a")).equals(Files.readString(current.resolve("b")))) {
                        mixed.set(true);
                    }
                } catch (java.io.IOException e) {
                    // The folder was replaced between the two reads; the next round reads the new one.
                    Thread.onSpinWait();
                }
            }
        });
        for (int i = 1; i < 200; i++) {
            atomic.write(files(Map.of("a", "" + i, "b", "" + i)), null);
        }
        done.set(true);
        reader.join();
        assertThat(mixed).isFalse();
    }

    @Test
    void anEmptySourceMakesAnEmptyFolder() throws Exception {
        new AtomicFolder(folder).write(files(Map.of()), null);
        assertThat(folder.resolve("..data")).isDirectory();
    }
}
