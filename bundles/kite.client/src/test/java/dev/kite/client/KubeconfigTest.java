package dev.kite.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.client.ApiException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeconfigTest {
    @TempDir
    Path folder;

    private Kubeconfig read(String text) throws Exception {
        Path file = folder.resolve("config");
        Files.writeString(file, text);
        return Kubeconfig.read(file);
    }

    @Test
    void currentContextSaysWhereAndWho() throws Exception {
        Files.writeString(folder.resolve("token"), "abc\n");
        Kubeconfig config = read("""
                apiVersion: v1
                kind: Config
                current-context: b
                contexts:
                - name: a
                  context: {cluster: none, user: none}
                - name: b
                  context: {cluster: c, user: u}
                clusters:
                - name: c
                  cluster: {server: "https://127.0.0.1:6443/", tls-server-name: kube}
                users:
                - name: u
                  user: {tokenFile: token}
                """);
        assertThat(config.server()).isEqualTo("https://127.0.0.1:6443");
        assertThat(config.serverName()).isEqualTo("kube");
        assertThat(config.user()).isEqualTo("u");
        assertThat(config.token()).isEqualTo("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "a: [",
                "\u0000",
                "current-context: x",
                "current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]",
                "current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'ftp://x'}}]\nusers: [{name: u, user: {}}]",
                "current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://x', certificate-authority-data: '%%%'}}]\nusers: [{name: u, user: {}}]"
            })
    void truncatedOrForeignFileIsNamedInTheFailure(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ApiException.class).hasMessageContaining("config");
    }

    @Test
    void missingFileIsNamedInTheFailure() {
        assertThatThrownBy(() -> Kubeconfig.read(folder.resolve("nowhere")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void allCommonFormsOfPrivateKeysAreRead() throws Exception {
        for (String[] command : new String[][] {
            {"openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"},
            {"openssl", "ecparam", "-name", "secp384r1", "-genkey", "-noout"},
            {"openssl", "genrsa", "-traditional", "2048"},
            {"openssl", "genrsa", "2048"}
        }) {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String pem =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
            assertThat(Pem.privateKey(pem).getFormat())
                    .as(String.join(" ", command))
                    .isEqualTo("PKCS#8");
        }
    }
}
