package dev.kite.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTokenTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("token"), "K10aabb::server:old\n");
    }

    @Test
    void thePasswordIsReplacedAndTheRestKept() throws IOException {
        new ServerToken(file).rotate("K10aabb::server:old", "new");
        assertThat(file).hasContent("K10aabb::server:new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("token");
    }

    @Test
    void aWrongTokenChangesNothing() {
        assertThatThrownBy(() -> new ServerToken(file).rotate("other", "new"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not the token that holds now");
        assertThat(file).hasContent("K10aabb::server:old");
    }

    @Test
    void anImpossibleTokenChangesNothing() {
        assertThatThrownBy(() -> new ServerToken(file).rotate("old", "a b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(file).hasContent("K10aabb::server:old");
    }

    @Test
    void withoutAServerHereItIsSaid() {
        assertThatThrownBy(() -> new ServerToken(folder.resolve("absent")).rotate("old", "new"))
                .hasMessageContaining("--data-dir");
    }
}
