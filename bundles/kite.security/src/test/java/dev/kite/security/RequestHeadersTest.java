package dev.kite.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.config.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestHeadersTest {
    @TempDir
    private Path folder;

    private static RequestHeaders of(String... arguments) {
        return RequestHeaders.of(Settings.of(ServerSettings.class, Map.of("kube_apiserver_arg", arguments)));
    }

    @Test
    void withoutArgumentsTheyAreK3ss() {
        assertThat(of()).isEqualTo(RequestHeaders.DEFAULT);
        assertThat(RequestHeaders.DEFAULT.published("PEM"))
                .containsEntry("requestheader-client-ca-file", "PEM")
                .containsEntry("requestheader-allowed-names", "[\"system:auth-proxy\"]")
                .containsEntry("requestheader-username-headers", "[\"X-Remote-User\"]")
                .containsEntry("requestheader-group-headers", "[\"X-Remote-Group\"]")
                .containsEntry("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]");
    }

    @Test
    void namesAndHeadersCanBeGiven() {
        RequestHeaders given = of(
                "requestheader-allowed-names=a,b",
                "requestheader-username-headers=X-User,X-Login",
                "requestheader-uid-headers=X-Id",
                "requestheader-group-headers=X-Team",
                "requestheader-extra-headers-prefix=X-More-");
        assertThat(given.allowedNames()).containsExactly("a", "b");
        assertThat(given.userHeaders()).containsExactly("X-User", "X-Login");
        assertThat(given.uidHeaders()).containsExactly("X-Id");
        assertThat(given.groupHeaders()).containsExactly("X-Team");
        assertThat(given.extraPrefixes()).containsExactly("X-More-");
        assertThat(given.published("PEM")).containsEntry("requestheader-username-headers", "[\"X-User\",\"X-Login\"]");
        assertThat(of("requestheader-allowed-names=").allowedNames()).isEmpty();
    }

    @Test
    void theirAuthorityCanBeAFile() throws IOException {
        List<String> wrong = List.of("", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        for (String text : wrong) {
            Path file = Files.writeString(folder.resolve("ca.pem"), text);
            assertThatThrownBy(() -> of("requestheader-client-ca-file=" + file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("requestheader-client-ca-file");
        }
        assertThatThrownBy(() -> of("requestheader-client-ca-file=" + folder.resolve("none")))
                .hasMessageContaining("none");
    }
}
