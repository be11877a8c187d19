package dev.kite.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.behaviour.Behaviour;
import dev.kite.security.FakeObjects;
import dev.kite.security.ServiceAccountTokens.Claims;
import dev.kite.security.ServiceAccountTokens.ObjectReference;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceAccountTokensTest {
    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final FakeObjects objects = new FakeObjects();
    private final KeyPair key = ec();
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final ServiceAccountTokensComponent tokens = with(List.of(key));

    private ServiceAccountTokensComponent with(List<KeyPair> keys) {
        return new ServiceAccountTokensComponent(keys, objects, ISSUER, () -> now);
    }

    private static KeyPair ec() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void account() {
        objects.put("", "serviceaccounts", "blue", "builder", "{\"metadata\":{\"uid\":\"sa-1\"}}");
        objects.put("", "pods", "blue", "p", "{\"metadata\":{\"uid\":\"pod-1\"}}");
        objects.put("", "nodes", "", "n1", "{\"metadata\":{\"uid\":\"node-1\"}}");
    }

    private Claims claims(List<String> audiences, ObjectReference bound, ObjectReference node) {
        return new Claims("blue", "builder", "sa-1", audiences, Duration.ofHours(1), bound, node);
    }

    private String token() {
        return tokens.issue(claims(List.of(), null, null)).token();
    }

    @Test
    @Behaviour("client certificate and service account token authentication")
    void aTokenSpeaksForItsAccount() throws Exception {
        UserInfo user = tokens.verify(token(), List.of());
        assertThat(user.name()).isEqualTo("system:serviceaccount:blue:builder");
        assertThat(user.uid()).isEqualTo("sa-1");
        assertThat(user.groups())
                .containsExactly("system:serviceaccounts", "system:serviceaccounts:blue", "system:authenticated");
        assertThat(user.extra()
                        .get("authentication.kubernetes.io/credential-id")
                        .getFirst())
                .startsWith("JTI=");
    }

    @Test
    void itsClaimsAreKubernetesOwn() throws Exception {
        var issued = tokens.issue(claims(
                List.of("vault"),
                new ObjectReference("Pod", "p", "pod-1"),
                new ObjectReference("Node", "n1", "node-1")));
        String[] parts = issued.token().split("\\.");
        JsonNode header = MAPPER.readTree(Base64.getUrlDecoder().decode(parts[0]));
        JsonNode body = MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1]));
        assertThat(header.path("alg").asText()).isEqualTo("ES256");
        assertThat(header.path("kid").asText())
                .isEqualTo(MAPPER.readTree(tokens.jwks()).at("/keys/0/kid").asText());
        assertThat(body.path("aud").toString()).isEqualTo("[\"vault\"]");
        assertThat(body.path("iss").asText()).isEqualTo(ISSUER);
        assertThat(body.path("sub").asText()).isEqualTo("system:serviceaccount:blue:builder");
        assertThat(body.path("exp").asLong())
                .isEqualTo(now.getEpochSecond() + 3600)
                .isEqualTo(issued.expires().getEpochSecond());
        assertThat(body.path("jti").asText()).isEqualTo(issued.id());
        assertThat(body.path("kubernetes.io").toString())
                .isEqualTo(
                        "{\"namespace\":\"blue\",\"node\":{\"name\":\"n1\",\"uid\":\"node-1\"},\"pod\":{\"name\":\"p\",\"uid\":\"pod-1\"},\"serviceaccount\":{\"name\":\"builder\",\"uid\":\"sa-1\"}}");
        assertThat(issued.toString()).doesNotContain(parts[2]);
    }

    @Test
    void aTokenIsForItsAudiencesOnly() throws Exception {
        String vault =
                tokens.issue(claims(List.of("vault", "other"), null, null)).token();
        assertThat(tokens.verify(vault, List.of("vault"))).isNotNull();
        assertThat(tokens.verify(vault, List.of("x", "other"))).isNotNull();
        assertThatThrownBy(() -> tokens.verify(vault, List.of())).hasMessageContaining("audiences");
        assertThatThrownBy(() -> tokens.verify(token(), List.of("vault"))).hasMessageContaining("audiences");
        assertThat(tokens.verify(token(), List.of(ISSUER))).isNotNull();
    }

    @Test
    void aTokenEndsWithItsTimeItsAccountAndWhatItIsBoundTo() throws Exception {
        String plain = token();
        String pod = tokens.issue(claims(
                        List.of(),
                        new ObjectReference("Pod", "p", "pod-1"),
                        new ObjectReference("Node", "n1", "node-1")))
                .token();
        String node = tokens.issue(claims(List.of(), new ObjectReference("Node", "n1", "node-1"), null))
                .token();
        UserInfo user = tokens.verify(pod, List.of());
        assertThat(user.extra())
                .containsEntry("authentication.kubernetes.io/pod-name", List.of("p"))
                .containsEntry("authentication.kubernetes.io/node-uid", List.of("node-1"));

        objects.put(
                "",
                "pods",
                "blue",
                "p",
                "{\"metadata\":{\"uid\":\"pod-1\",\"deletionTimestamp\":\"2026-11-24T12:00:00Z\"}}");
        now = now.plusSeconds(59);
        assertThat(tokens.verify(pod, List.of())).isNotNull();
        now = now.plusSeconds(2);
        assertThatThrownBy(() -> tokens.verify(pod, List.of())).hasMessageContaining("deleted");
        objects.put("", "pods", "blue", "p", "{\"metadata\":{\"uid\":\"pod-2\"}}");
        assertThatThrownBy(() -> tokens.verify(pod, List.of())).hasMessageContaining("gone");
        assertThat(tokens.verify(node, List.of())).isNotNull();
        objects.remove("", "nodes", "", "n1");
        assertThatThrownBy(() -> tokens.verify(node, List.of())).hasMessageContaining("gone");
        assertThat(tokens.verify(plain, List.of())).isNotNull();
        objects.put("", "serviceaccounts", "blue", "builder", "{\"metadata\":{\"uid\":\"sa-2\"}}");
        assertThatThrownBy(() -> tokens.verify(plain, List.of())).hasMessageContaining("gone");
        account();
        now = now.plusSeconds(3600 + 60);
        assertThatThrownBy(() -> tokens.verify(plain, List.of())).hasMessageContaining("expired");
    }

    @Test
    void aTokenFromTheFutureIsNotValidYet() {
        String early = token();
        now = now.minusSeconds(120);
        assertThatThrownBy(() -> tokens.verify(early, List.of())).hasMessageContaining("not valid yet");
    }

    @Test
    void oldKeysVerifyAndForeignKeysDoNot() throws Exception {
        String old = token();
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair newest = rsa.generateKeyPair();
        ServiceAccountTokensComponent rotated = with(List.of(newest, key));
        assertThat(rotated.verify(old, List.of())).isNotNull();
        String fresh = rotated.issue(claims(List.of(), null, null)).token();
        assertThat(rotated.verify(fresh, List.of())).isNotNull();
        assertThatThrownBy(() -> tokens.verify(fresh, List.of())).isInstanceOf(AuthenticationException.class);
        JsonNode keys = MAPPER.readTree(rotated.jwks()).path("keys");
        assertThat(keys.findValuesAsText("kty")).containsExactly("RSA", "EC");
        assertThat(keys.at("/0/e").asText()).isEqualTo("AQAB");
        JsonNode discovery = MAPPER.readTree(rotated.discovery());
        assertThat(discovery.path("issuer").asText()).isEqualTo(ISSUER);
        assertThat(discovery.path("jwks_uri").asText()).isEqualTo(ISSUER + "/openid/v1/jwks");
        assertThat(discovery.path("id_token_signing_alg_values_supported").toString())
                .isEqualTo("[\"RS256\",\"ES256\"]");
    }

    /** Each is a good token, changed by someone who does not have the key. */
    @Test
    void forgedTokensAreRefused() throws Exception {
        String[] good = token().split("\\.");
        ObjectNode body = (ObjectNode) MAPPER.readTree(Base64.getUrlDecoder().decode(good[1]));
        String kid = MAPPER.readTree(Base64.getUrlDecoder().decode(good[0]))
                .path("kid")
                .asText();
        List<String> forged = new ArrayList<>();
        for (String none : List.of("none", "None", "NONE", "", "HS256", "ES384", "RS256", "PS256", "ES256K")) {
            String header = BASE64.encodeToString(
                    ("{\"alg\":\"" + none + "\",\"kid\":\"" + kid + "\"}").getBytes(StandardCharsets.UTF_8));
            forged.add(header + "." + good[1] + ".");
            forged.add(header + "." + good[1] + "." + good[2]);
        }
        // The public key as the secret of an HMAC.
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getPublic().getEncoded(), "HmacSHA256"));
        String hs =
                BASE64.encodeToString(("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}").getBytes(StandardCharsets.UTF_8))
                        + "." + good[1];
        forged.add(hs + "." + BASE64.encodeToString(mac.doFinal(hs.getBytes(StandardCharsets.US_ASCII))));
        // Another key under our key's name.
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(ec().getPrivate());
        signature.update((good[0] + "." + good[1]).getBytes(StandardCharsets.US_ASCII));
        forged.add(good[0] + "." + good[1] + "." + BASE64.encodeToString(signature.sign()));
        // The signature of zeros that broken verifiers accept.
        forged.add(good[0] + "." + good[1] + "." + BASE64.encodeToString(new byte[64]));
        forged.add(good[0] + "." + good[1] + "." + BASE64.encodeToString(new byte[0]));
        body.put("sub", "system:serviceaccount:kube-system:admin");
        forged.add(good[0] + "." + BASE64.encodeToString(MAPPER.writeValueAsBytes(body)) + "." + good[2]);
        for (String token : forged) {
            assertThatThrownBy(() -> tokens.verify(token, List.of()))
                    .as(token)
                    .isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void claimsThatDisagreeAreRefusedThoughSigned() throws Exception {
        SigningKey signer = SigningKey.of(key);
        ObjectNode body = (ObjectNode) MAPPER.readTree(Base64.getUrlDecoder().decode(token().split("\\.")[1]));
        for (String change : List.of(
                "{\"sub\":\"system:serviceaccount:kube-system:admin\"}",
                "{\"exp\":\"9999999999\"}",
                "{\"exp\":1e300}",
                "{\"exp\":99999999999999999999999}",
                "{\"exp\":null}",
                "{\"aud\":null}",
                "{\"aud\":[]}",
                "{\"aud\":{\"x\":\"" + ISSUER + "x\"}}",
                "{\"kubernetes.io\":{}}",
                "{\"kubernetes.io\":[]}",
                "{\"kubernetes.io\":{\"namespace\":\"blue\",\"serviceaccount\":{\"name\":\"builder\",\"uid\":\"\"}}}",
                "{\"kubernetes.io\":{\"namespace\":\"blue\",\"pod\":{},\"serviceaccount\":{\"name\":\"builder\",\"uid\":\"sa-1\"}}}")) {
            ObjectNode changed = body.deepCopy();
            changed.setAll((ObjectNode) MAPPER.readTree(change));
            assertThatThrownBy(() -> tokens.verify(Jwt.sign(changed, signer), List.of()))
                    .as(change)
                    .isInstanceOf(AuthenticationException.class);
        }
        ObjectNode foreign = body.deepCopy();
        foreign.put("iss", "https://elsewhere");
        assertThat(tokens.verify(Jwt.sign(foreign, signer), List.of())).isNull();
    }

    @Test
    void whatIsNoTokenIsAnotherAuthenticatorsBusiness() throws Exception {
        String good = token();
        List<String> others = new ArrayList<>(List.of(
                "",
                ".",
                "..",
                "a.b",
                "a.b.c",
                "a.b.c.d",
                good + ".",
                good + "=",
                " " + good,
                good.replace(".", ".="),
                "x".repeat(100_000),
                good + "x".repeat(20_000),
                BASE64.encodeToString("[]".getBytes(StandardCharsets.UTF_8)) + "." + good.split("\\.")[1] + ".AA",
                BASE64.encodeToString("{\"alg\":\"ES256\",\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "."
                        + good.split("\\.")[1] + ".AA",
                BASE64.encodeToString("{}{}".getBytes(StandardCharsets.UTF_8)) + "." + good.split("\\.")[1] + ".AA",
                BASE64.encodeToString(("[".repeat(5000)).getBytes(StandardCharsets.UTF_8)) + ".e30.AA"));
        for (String token : others) {
            assertThat(tokens.verify(token, List.of()))
                    .as(token.substring(0, Math.min(60, token.length())))
                    .isNull();
        }
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            char[] letters = good.toCharArray();
            int at = random.nextInt(letters.length);
            char old = letters[at];
            letters[at] = (char) (32 + random.nextInt(95));
            if (letters[at] != old) {
                refused(new String(letters));
            }
        }
        for (int i = 0; i < good.length(); i++) {
            refused(good.substring(0, i));
        }
    }

    private void refused(String token) {
        try {
            assertThat(tokens.verify(token, List.of())).as(token).isNull();
        } catch (AuthenticationException e) {
            assertThat(e).hasMessageNotContaining(token);
        }
    }

    @Test
    void aSecretsTokenLivesWithItsSecret() throws Exception {
        String token = tokens.issueForSecret("blue", "builder", "sa-1", "builder-token");
        assertThatThrownBy(() -> tokens.verify(token, List.of())).hasMessageContaining("secret");
        String data = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
        objects.put(
                "",
                "secrets",
                "blue",
                "builder-token",
                "{\"metadata\":{\"uid\":\"s\"},\"data\":{\"token\":\"" + data + "\"}}");
        assertThat(tokens.verify(token, List.of()).name()).isEqualTo("system:serviceaccount:blue:builder");
        assertThatThrownBy(() -> tokens.verify(token, List.of("vault"))).isInstanceOf(AuthenticationException.class);
        now = now.plus(Duration.ofDays(10_000));
        assertThat(tokens.verify(token, List.of())).isNotNull();
        objects.put(
                "", "secrets", "blue", "builder-token", "{\"metadata\":{\"uid\":\"s\"},\"data\":{\"token\":\"eA==\"}}");
        assertThatThrownBy(() -> tokens.verify(token, List.of())).hasMessageContaining("secret");
    }
}
