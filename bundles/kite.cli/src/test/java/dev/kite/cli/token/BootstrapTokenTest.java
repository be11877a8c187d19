package dev.kite.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.behaviour.Behaviour;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTokenTest {
    private static final Instant END = Instant.parse("2026-11-25T00:00:00Z");
    private final ObjectMapper mapper = new ObjectMapper();

    private static BootstrapToken token() {
        return BootstrapToken.of(
                "abcdef.0123456789abcdef",
                "for the shed",
                List.of("signing", "authentication"),
                List.of("system:bootstrappers:k3s:default-node-token"),
                END);
    }

    /** As the API server keeps it: stringData becomes data. */
    private JsonNode stored(BootstrapToken token) throws Exception {
        ObjectNode secret = (ObjectNode) mapper.readTree(token.toSecret(mapper));
        ObjectNode data = secret.putObject("data");
        secret.path("stringData")
                .properties()
                .forEach(entry -> data.put(
                        entry.getKey(),
                        Base64.getEncoder()
                                .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        secret.remove("stringData");
        return secret;
    }

    @Test
    @Behaviour("Bootstrap tokens are [a-z0-9]{6}.[a-z0-9]{16} and Secrets bootstrap-token-ID in kube-system")
    void theSecretIsAsKubernetesDocumentsIt() throws Exception {
        JsonNode secret = mapper.readTree(token().toSecret(mapper));
        assertThat(secret.path("metadata").path("name").asText()).isEqualTo("bootstrap-token-abcdef");
        assertThat(secret.path("metadata").path("namespace").asText()).isEqualTo("kube-system");
        assertThat(secret.path("type").asText()).isEqualTo("bootstrap.kubernetes.io/token");
        assertThat(secret.path("stringData").toString())
                .contains(
                        "\"token-id\":\"abcdef\"",
                        "\"token-secret\":\"0123456789abcdef\"",
                        "\"usage-bootstrap-signing\":\"true\"",
                        "\"usage-bootstrap-authentication\":\"true\"",
                        "\"expiration\":\"2026-11-25T00:00:00Z\"");
    }

    @Test
    void aSecretReadsBackAsItsToken() throws Exception {
        assertThat(BootstrapToken.fromSecret(stored(token()))).isEqualTo(token());
    }

    @Test
    void secretsThatHoldNoTokenAreNone() throws Exception {
        ObjectNode other = (ObjectNode) stored(token());
        assertThat(BootstrapToken.fromSecret(other.deepCopy().put("type", "Opaque")))
                .isNull();
        ObjectNode damaged = other.deepCopy();
        ((ObjectNode) damaged.path("data")).put("token-secret", "not base64 *");
        assertThat(BootstrapToken.fromSecret(damaged)).isNull();
        assertThat(BootstrapToken.fromSecret(mapper.createObjectNode())).isNull();
    }

    @Test
    void generatedTokensHaveTheForm() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 50; i++) {
            assertThat(BootstrapToken.generate(random)).matches("[a-z0-9]{6}\\.[a-z0-9]{16}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "ABCDEF.0123456789abcdef", "abcdef.0123456789abcde", "abcdef-0123456789abcdef"})
    void malformedTokensAreRefused(String text) {
        assertThatThrownBy(() -> BootstrapToken.of(text, "", List.of(), List.of(), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a token");
    }

    @Test
    void idsAreFoundInAnyForm() {
        assertThat(BootstrapToken.idOf("abcdef")).isEqualTo("abcdef");
        assertThat(BootstrapToken.idOf("abcdef.0123456789abcdef")).isEqualTo("abcdef");
        assertThat(BootstrapToken.idOf("K10aa::abcdef.0123456789abcdef")).isEqualTo("abcdef");
        assertThatThrownBy(() -> BootstrapToken.idOf("../secrets")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theListShowsWhatIsLeft() {
        String list = TokenCommand.columns(List.of(token()), END.minus(Duration.ofHours(23)));
        assertThat(list)
                .contains(
                        "abcdef.0123456789abcdef",
                        "23h",
                        "2026-11-25T00:00:00Z",
                        "signing,authentication",
                        "for the shed");
        assertThat(token().timeLeft(END.plusSeconds(1))).isEqualTo("<invalid>");
        assertThat(BootstrapToken.of(token().text(), "", List.of(), List.of(), null)
                        .timeLeft(END))
                .isEqualTo("<forever>");
    }
}
