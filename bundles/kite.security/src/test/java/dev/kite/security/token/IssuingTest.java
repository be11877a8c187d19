package dev.kite.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.security.AuthenticationException;
import dev.kite.security.FakeObjects;
import dev.kite.security.ServiceAccountTokens.Claims;
import dev.kite.security.ServiceAccountTokens.ObjectReference;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class IssuingTest {
    private static final String DEFAULT = "https://kubernetes.default.svc.cluster.local";
    private static final Duration KUBELETS = Duration.ofSeconds(3607);

    private final FakeObjects objects = new FakeObjects();
    private final KeyPair key;
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");

    IssuingTest() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        key = generator.generateKeyPair();
        objects.put("", "serviceaccounts", "blue", "builder", "{\"metadata\":{\"uid\":\"sa-1\"}}");
        objects.put("", "pods", "blue", "p", "{\"metadata\":{\"uid\":\"pod-1\"}}");
    }

    private ServiceAccountTokensComponent with(String... arguments) {
        return new ServiceAccountTokensComponent(
                List.of(key),
                objects,
                Issuing.of(ComponentArguments.of(UpstreamComponent.APISERVER, arguments), DEFAULT),
                () -> now);
    }

    private static Claims claims(List<String> audiences, Duration life, boolean pod) {
        return new Claims(
                "blue",
                "builder",
                "sa-1",
                audiences,
                life,
                pod ? new ObjectReference("Pod", "p", "pod-1") : null,
                null);
    }

    private static JsonNode decoded(String token) throws Exception {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    @Test
    void theFirstIssuerSignsAndAllAreTaken() throws Exception {
        var old = with("service-account-issuer=https://old.example");
        var both = with("service-account-issuer=https://new.example", "service-account-issuer=https://old.example");
        String before = old.issue(claims(List.of(), KUBELETS, false)).token();
        String after = both.issue(claims(List.of(), KUBELETS, false)).token();
        assertThat(decoded(after).path("iss").asText()).isEqualTo("https://new.example");
        assertThat(both.verify(before, List.of())).isNotNull();
        assertThat(both.verify(after, List.of())).isNotNull();
        assertThat(old.verify(after, List.of())).isNull();
        assertThat(both.apiAudiences()).containsExactly("https://new.example", "https://old.example");
        assertThat(new String(both.discovery(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"issuer\":\"https://new.example\"", "https://new.example/openid/v1/jwks");
    }

    @Test
    void audiencesOfTheApiAndWhereItsKeysAreCanBeGiven() throws Exception {
        var tokens = with("api-audiences=api,other", "service-account-jwks-uri=https://keys.example/jwks");
        String token = tokens.issue(claims(List.of(), KUBELETS, false)).token();
        assertThat(decoded(token).path("aud").toString()).isEqualTo("[\"api\",\"other\"]");
        assertThat(tokens.verify(token, List.of())).isNotNull();
        String foreign = tokens.issue(claims(List.of(DEFAULT), KUBELETS, false)).token();
        assertThatThrownBy(() -> tokens.verify(foreign, List.of())).isInstanceOf(AuthenticationException.class);
        assertThat(new String(tokens.discovery(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"jwks_uri\":\"https://keys.example/jwks\"");
    }

    @Test
    void podsTokensLiveAYearAndSayWhenTheyWereToBeReadAnew() throws Exception {
        var tokens = with();
        var issued = tokens.issue(claims(List.of(), KUBELETS, true));
        assertThat(issued.expires()).isEqualTo(now.plus(KUBELETS));
        JsonNode claims = decoded(issued.token());
        assertThat(claims.path("exp").asLong())
                .isEqualTo(now.plus(Duration.ofDays(365)).getEpochSecond());
        assertThat(claims.path("kubernetes.io").path("warnafter").asLong())
                .isEqualTo(now.plus(KUBELETS).getEpochSecond());
        now = now.plus(Duration.ofDays(300));
        assertThat(tokens.verify(issued.token(), List.of())).isNotNull();
        for (JsonNode plain : List.of(
                decoded(tokens.issue(claims(List.of(), Duration.ofHours(1), true))
                        .token()),
                decoded(tokens.issue(claims(List.of(), KUBELETS, false)).token()),
                decoded(tokens.issue(claims(List.of("vault"), KUBELETS, true)).token()),
                decoded(with("service-account-extend-token-expiration=false")
                        .issue(claims(List.of(), KUBELETS, true))
                        .token()))) {
            assertThat(plain.path("exp").asLong())
                    .isLessThan(now.plus(Duration.ofHours(2)).getEpochSecond());
            assertThat(plain.path("kubernetes.io").has("warnafter")).isFalse();
        }
        assertThat(with("service-account-max-token-expiration=2h")
                        .issue(claims(List.of(), Duration.ofDays(9), false))
                        .expires())
                .isEqualTo(now.plus(Duration.ofHours(2)));
    }

    @Test
    void aSecretsTokenThatIsMarkedInvalidSignsNobodyIn() throws Exception {
        var tokens = with();
        String token = tokens.issueForSecret("blue", "builder", "sa-1", "s");
        String data = Base64.getEncoder().encodeToString(token.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String body = "\"data\":{\"token\":\"" + data + "\"}}";
        objects.put("", "secrets", "blue", "s", "{\"metadata\":{\"uid\":\"u\"}," + body);
        assertThat(tokens.verify(token, List.of())).isNotNull();
        objects.put(
                "",
                "secrets",
                "blue",
                "s",
                "{\"metadata\":{\"uid\":\"u\",\"labels\":{\"kubernetes.io/legacy-token-invalid-since\":\"2026-11-01\"}},"
                        + body);
        assertThatThrownBy(() -> tokens.verify(token, List.of())).hasMessageContaining("2026-11-01");
    }

    @Test
    void wrongArgumentsAreTold() {
        for (String wrong : List.of(
                "service-account-issuer=",
                "service-account-issuer=: no",
                "service-account-jwks-uri=http://x",
                "service-account-max-token-expiration=1m",
                "service-account-max-token-expiration=soon")) {
            assertThatThrownBy(() -> with(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aSecretsTokenIsLookedUpUnlessThatIsTurnedOff() throws Exception {
        String token = with().issueForSecret("blue", "builder", "sa-1", "gone");
        assertThatThrownBy(() -> with().verify(token, List.of())).hasMessageContaining("is gone");
        assertThatThrownBy(() -> with("service-account-lookup=true").verify(token, List.of()))
                .hasMessageContaining("is gone");
        var trusting = with("service-account-lookup=false");
        assertThat(java.util.Objects.requireNonNull(trusting.verify(token, List.of()))
                        .name())
                .isEqualTo("system:serviceaccount:blue:builder");
        String ofPod = trusting.issue(claims(List.of(), KUBELETS, true)).token();
        objects.remove("", "pods", "blue", "p");
        assertThatThrownBy(() -> trusting.verify(ofPod, List.of()))
                .as("tokens of pods always are")
                .hasMessageContaining("is gone");
    }
}
