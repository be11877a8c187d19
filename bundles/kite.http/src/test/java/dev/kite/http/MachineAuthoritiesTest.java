package dev.kite.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineAuthoritiesTest {
    @TempDir
    private Path folder;

    @Test
    void whereTheMachineHasNoneThoseOfJavaAreTrusted() throws IOException {
        assertThat(MachineAuthorities.all(null, List.of(folder.resolve("none"))))
                .isNotEmpty();
    }

    @Test
    void aNamedFileIsUsedInsteadOfTheUsualOnes() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        assertThat(MachineAuthorities.all(empty.toString(), List.of(folder.resolve("none"))))
                .isEmpty();
        assertThat(MachineAuthorities.all("", List.of(empty))).isEmpty();
    }

    @Test
    void whatIsNoCertificateIsSaidWithItsFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("bad.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> MachineAuthorities.all(null, List.of(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.pem");
    }
}
