package dev.kite.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFolderTest {
    @TempDir
    Path data;

    @Test
    void theFirstStartWritesTheLayoutAndLaterOnesKeepIt() throws IOException {
        StateFolder state = StateFolder.open(data, "server");
        assertThat(state.version()).hasContent("layout 1, written by Kite 0.1.0");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.folder())))
                .isEqualTo("rwx------");
        Files.writeString(state.version(), "layout 0, written by Kite 0.0.1\n");
        StateFolder.open(data, "server");
        assertThat(state.version()).hasContent("layout 0, written by Kite 0.0.1");
    }

    @Test
    @Behaviour("Bad input: a data directory from a newer version is one line that says what to do, nothing lost")
    void aNewerKitesDataIsRefusedAndUntouched() throws IOException {
        StateFolder state = StateFolder.open(data, "server");
        Files.writeString(state.version(), "layout 2, written by Kite 9.1.0\n");
        assertThatThrownBy(() -> StateFolder.open(data, "server"))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("written by Kite 9.1.0")
                .hasMessageContaining("install that version");
        assertThat(state.version()).hasContent("layout 2, written by Kite 9.1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0\0\0\0", "layout , written by Kite 1", "layout 99999999999, written by Kite 1"})
    void aDamagedVersionIsRefusedAndUntouched(String content) throws IOException {
        StateFolder state = StateFolder.open(data, "server");
        Files.writeString(state.version(), content);
        assertThatThrownBy(() -> StateFolder.open(data, "server"))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("does not say which Kite");
        assertThat(Files.readString(state.version())).isEqualTo(content);
    }

    @Test
    void aHugeVersionFileIsNotRead() throws IOException {
        StateFolder state = StateFolder.open(data, "server");
        Files.write(state.version(), new byte[1 << 20]);
        assertThatThrownBy(() -> StateFolder.open(data, "server")).hasMessageContaining("does not say which Kite");
    }

    @Test
    @Behaviour("Bad input: an unwritable data directory is one line that says what to do")
    void aDataDirectoryThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(data.resolve("file"), "x");
        assertThatThrownBy(() -> StateFolder.open(file, "server"))
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("cannot write to the data directory " + file)
                .hasMessageContaining("--data-dir");
    }

    @Test
    void theLastKnownTimeIsTheNewestOfTheFiles() throws IOException {
        StateFolder state = StateFolder.open(data, "server");
        Instant later = Instant.parse("2031-05-06T07:08:09Z");
        state.touch(later);
        assertThat(state.lastKnownTime()).isEqualTo(later);
    }
}
