package dev.kite.security.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsReplacedWithItsMode() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "old");
        AtomicFiles.write(file, "new");
        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("a");
    }

    @Test
    void whatIsNoFileIsWrittenToAndStaysWhatItIs() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        AtomicFiles.write(pipe, "text");
        assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo("text");
        assertThat(Files.readAttributes(pipe, java.nio.file.attribute.BasicFileAttributes.class)
                        .isOther())
                .isTrue();
    }

    @Test
    void aModeThatIsNoneIsRefused() {
        for (String mode : new String[] {"", "8", "0999", "rw", "07777"}) {
            assertThatThrownBy(() -> AtomicFiles.mode(mode)).as(mode).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
