package dev.kite.cli.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsEncryptCommandTest {
    @TempDir
    Path data;

    @Test
    void theStatusIsShownAsK3sShowsIt() throws Exception {
        String text = SecretsEncryptCommand.text(
                new ObjectMapper()
                        .readTree(
                                "{\"stage\":\"rotate\",\"activekey\":\"AES-CBC aescbckey-2\",\"enable\":true,\"hashmatch\":true,\"inactivekeys\":[\"AES-CBC aescbckey\"]}"));
        assertThat(text.lines())
                .containsExactly(
                        "Encryption Status: Enabled",
                        "Current Rotation Stage: rotate",
                        "Server Encryption Hashes: All hashes match",
                        "",
                        "Active  Key Type           Name",
                        "------  --------           ----",
                        " *      AES-CBC            aescbckey-2",
                        "        AES-CBC            aescbckey");
        assertThat(SecretsEncryptCommand.text(new ObjectMapper().readTree("{\"stage\":\"\",\"activekey\":\"\"}")))
                .isEqualTo("Encryption Status: Disabled, no configuration file found\n");
        assertThat(SecretsEncryptCommand.text(new ObjectMapper()
                        .readTree("{\"enable\":false,\"stage\":\"start\",\"hasherror\":\"hash does not match\"}")))
                .contains("Disabled", "Server Encryption Hashes: hash does not match");
    }

    @Test
    void withoutTheServersFolderItSaysWhereToRun() throws Exception {
        assertThatThrownBy(() -> EncryptionApi.of(data, "https://127.0.0.1:1", null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server/token")
                .hasMessageContaining("--data-dir");
        Files.createDirectories(data.resolve("server"));
        Files.writeString(data.resolve("server/token"), "K10aa::server:x\n");
        assertThatThrownBy(() -> EncryptionApi.of(data, "https://127.0.0.1:1", null))
                .hasMessageContaining("server-ca.crt");
    }
}
