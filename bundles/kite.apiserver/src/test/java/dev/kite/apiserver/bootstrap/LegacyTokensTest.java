package dev.kite.apiserver.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LegacyTokensTest {
    private static final String MAP =
            "/api/v1/namespaces/kube-system/configmaps/kube-apiserver-legacy-service-account-token-tracking";
    private static final String SECRET = "/api/v1/namespaces/default/secrets/s";

    @Test
    void theDayOfASecretTokensLastUseIsItsLabel(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            assertThat(api.get(MAP).expect(200).at("/data/since")).matches("\\d{4}-\\d\\d-\\d\\d");
            api.post("/api/v1/namespaces/default/secrets", "metadata: {name: s}\nstringData: {token: t}")
                    .expect(201);
            api.server().legacy().used("default", "s");
            api.eventually(
                    SECRET,
                    secret -> secret.at("/metadata/labels/kubernetes.io~1legacy-token-last-used")
                            .equals("2026-11-24"));
            api.server().legacy().used("default", "none");
            api.time(Instant.parse("2026-11-25T01:00:00Z"));
            api.eventually(SECRET, secret -> {
                api.server().legacy().used("default", "s");
                return secret.at("/metadata/labels/kubernetes.io~1legacy-token-last-used")
                        .equals("2026-11-25");
            });
        }
    }
}
