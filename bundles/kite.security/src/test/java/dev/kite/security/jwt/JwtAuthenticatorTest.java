package dev.kite.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.cel.CelCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class JwtAuthenticatorTest {
    private static final Supplier<CelCompiler> NO_CEL = () -> {
        throw new IllegalArgumentException("CEL was asked for");
    };

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
    private TestIssuer issuer;
    private AuthenticationSettings settings;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer(folder.resolve("pki"));
        Files.writeString(folder.resolve("ca.crt"), issuer.authority);
    }

    @AfterEach
    void stop() throws IOException {
        issuer.close();
        if (settings != null) {
            settings.deactivate();
        }
    }

    private JwtAuthenticator byArguments(String... more) throws IOException {
        String[] arguments = new String[more.length + 3];
        System.arraycopy(more, 0, arguments, 0, more.length);
        arguments[more.length] = "oidc-issuer-url=" + issuer.url();
        arguments[more.length + 1] = "oidc-client-id=kite";
        arguments[more.length + 2] = "oidc-ca-file=" + folder.resolve("ca.crt");
        settings = new AuthenticationSettings(
                NO_CEL, ComponentArguments.of(UpstreamComponent.APISERVER, arguments), now::get);
        return new JwtAuthenticator(settings, now::get);
    }

    private JwtAuthenticator byFile(String rest) throws IOException {
        Path file = folder.resolve("authn.yaml");
        Files.writeString(file, config(rest));
        settings = new AuthenticationSettings(
                NO_CEL, ComponentArguments.of(UpstreamComponent.APISERVER, "authentication-config=" + file), now::get);
        return new JwtAuthenticator(settings, now::get);
    }

    private String config(String rest) {
        return "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n- issuer:\n    url: "
                + issuer.url() + "\n    audiences: [kite]\n    certificateAuthority: |\n" + issuer.authority.indent(6)
                + rest;
    }

    private long seconds() {
        return now.get().getEpochSecond();
    }

    private static UserInfo user(JwtAuthenticator authenticator, String token) throws AuthenticationException {
        return authenticator.authenticate(token, List.of());
    }

    @Test
    void aTokenOfTheIssuerSignsInAsTheArgumentsSay() throws Exception {
        ObjectNode claims = issuer.claims("jane", seconds()).put("jti", "7");
        claims.putArray("groups").add("dev").add("ops");
        UserInfo plain = user(byArguments(), issuer.sign(claims));
        assertThat(plain.name()).isEqualTo(issuer.url() + "#jane");
        assertThat(plain.groups()).isEmpty();
        assertThat(plain.extra()).containsEntry("authentication.kubernetes.io/credential-id", List.of("JTI=7"));
        settings.deactivate();
        UserInfo prefixed = user(
                byArguments("oidc-username-prefix=oidc:", "oidc-groups-claim=groups", "oidc-groups-prefix=g:"),
                issuer.sign(claims));
        assertThat(prefixed.name()).isEqualTo("oidc:jane");
        assertThat(prefixed.groups()).containsExactly("g:dev", "g:ops");
        settings.deactivate();
        claims.put("email", "jane@example.org").put("email_verified", false);
        JwtAuthenticator byEmail = byArguments("oidc-username-claim=email", "oidc-required-claim=tier=gold");
        assertThatThrownBy(() -> user(byEmail, issuer.sign(claims))).hasMessageContaining("tier");
        claims.put("tier", "gold");
        assertThatThrownBy(() -> user(byEmail, issuer.sign(claims))).hasMessageContaining("not verified");
        claims.put("email_verified", true);
        assertThat(user(byEmail, issuer.sign(claims)).name()).isEqualTo("jane@example.org");
    }

    @Test
    void timeAudienceAndSignatureAreChecked() throws Exception {
        JwtAuthenticator authenticator = byArguments();
        long at = seconds();
        for (ObjectNode wrong : List.of(
                issuer.claims("j", at).put("exp", at),
                issuer.claims("j", at).put("exp", "soon"),
                issuer.claims("j", at).put("nbf", at + 301),
                issuer.claims("j", at).put("aud", "other"),
                issuer.claims("", at),
                (ObjectNode) issuer.claims("j", at).set("sub", null),
                (ObjectNode) issuer.claims("j", at).without(List.of("exp")),
                (ObjectNode) issuer.claims("j", at).without(List.of("aud")))) {
            assertThatThrownBy(() -> user(authenticator, issuer.sign(wrong)))
                    .as(wrong.toString())
                    .isInstanceOf(AuthenticationException.class);
        }
        ObjectNode good = issuer.claims("j", at).put("nbf", at + 299);
        good.putArray("aud").add("x").add("kite");
        assertThat(user(authenticator, issuer.sign(good))).isNotNull();
        // Another issuer's token is nobody's here.
        assertThat(user(authenticator, issuer.sign(issuer.claims("j", at).put("iss", "https://other.example"))))
                .isNull();
    }

    @Test
    void noTrickOfAHeaderMakesATokenGood() throws Exception {
        JwtAuthenticator authenticator = byArguments();
        String claims = issuer.claims("admin", seconds()).toString();
        user(authenticator, issuer.sign(issuer.claims("j", seconds())));
        String none = TestIssuer.encode("{\"alg\":\"none\"}") + "." + TestIssuer.encode(claims) + ".";
        String unsigned = TestIssuer.encode("{\"alg\":\"RS256\"}") + "." + TestIssuer.encode(claims) + ".";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(issuer.key.getPublic().getEncoded(), "HmacSHA256"));
        String confused = TestIssuer.encode("{\"alg\":\"HS256\",\"kid\":\"k1\"}") + "." + TestIssuer.encode(claims);
        confused += "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(confused.getBytes(StandardCharsets.US_ASCII)));
        var other = TestIssuer.rsa();
        String embedded = TestIssuer.sign(
                "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"},\"jku\":\"https://evil.example/keys\"}",
                claims,
                other);
        String kid = TestIssuer.sign("{\"alg\":\"RS256\",\"kid\":\"../../../dev/null\"}", claims, issuer.key);
        String es = TestIssuer.sign("{\"alg\":\"ES256\",\"kid\":\"k1\"}", claims, issuer.key);
        String rs512 = TestIssuer.sign("{\"alg\":\"RS512\",\"kid\":\"k1\"}", claims, issuer.key);
        for (String token : List.of(none, unsigned, confused, embedded, kid, es, rs512)) {
            assertThatThrownBy(() -> user(authenticator, token)).isInstanceOf(AuthenticationException.class);
        }
        String deep = "[".repeat(5000) + "]".repeat(5000);
        for (String token : List.of(
                "",
                "..",
                "a.b",
                "a.b.c.d",
                TestIssuer.sign("{\"alg\":\"RS256\",\"crit\":[\"x\"]}", claims, issuer.key),
                TestIssuer.sign(
                        "{\"alg\":\"RS256\"}", "{\"iss\":\"" + issuer.url() + "\",\"x\":" + deep + "}", issuer.key),
                TestIssuer.sign("{\"alg\":\"RS256\"}", "{\"iss\":\"a\",\"iss\":\"" + issuer.url() + "\"}", issuer.key),
                TestIssuer.sign("{\"alg\":\"RS256\"}", "{\"x\":\"" + "y".repeat(70_000) + "\"}", issuer.key))) {
            assertThat(user(authenticator, token)).isNull();
        }
    }

    @Test
    void rotatedKeysAreReadAndMadeUpOnesMakeNoStorm() throws Exception {
        JwtAuthenticator authenticator = byArguments();
        user(authenticator, issuer.sign(issuer.claims("j", seconds())));
        String old = issuer.sign(issuer.claims("j", seconds()));
        issuer.key = TestIssuer.rsa();
        issuer.keyId = "k2";
        String fresh = issuer.sign(issuer.claims("j", seconds()));
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> user(authenticator, fresh)).isInstanceOf(AuthenticationException.class);
        }
        assertThat(issuer.fetched.get()).isEqualTo(1);
        now.set(now.get().plusSeconds(11));
        assertThat(user(authenticator, fresh)).isNotNull();
        assertThat(issuer.fetched.get()).isEqualTo(2);
        assertThatThrownBy(() -> user(authenticator, old)).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void anIssuerThatHangsIsHugeOrLiesIsNotWaitedForNorBelieved() throws Exception {
        JwtAuthenticator authenticator = byArguments();
        String token = issuer.sign(issuer.claims("j", seconds()));
        issuer.padding = 2 << 20;
        assertThatThrownBy(() -> user(authenticator, token)).isInstanceOf(AuthenticationException.class);
        issuer.padding = 0;
        now.set(now.get().plusSeconds(11));
        issuer.documentIssuer = "https://other.example";
        assertThatThrownBy(() -> user(authenticator, token)).isInstanceOf(AuthenticationException.class);
        issuer.documentIssuer = issuer.url();
        now.set(now.get().plusSeconds(11));
        issuer.pause = 60_000;
        long start = System.nanoTime();
        assertThatThrownBy(() -> user(authenticator, token)).isInstanceOf(AuthenticationException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
        issuer.pause = 0;
        now.set(now.get().plusSeconds(11));
        assertThat(user(authenticator, token)).isNotNull();
    }

    @Test
    void aConfigurationIsTakenUpAgainAndAWrongOneIsNot() throws Exception {
        String mapping = "  claimMappings:\n    username: {claim: sub, prefix: 'a:'}\n";
        JwtAuthenticator authenticator = byFile(
                mapping
                        + "    uid: {claim: uid}\n  claimValidationRules: [{claim: tier, requiredValue: gold}]\nanonymous: {enabled: true, conditions: [{path: /livez}]}\n");
        ObjectNode claims = issuer.claims("j", seconds()).put("tier", "gold").put("uid", "u1");
        assertThat(user(authenticator, issuer.sign(claims)).name()).isEqualTo("a:j");
        assertThat(user(authenticator, issuer.sign(claims)).uid()).isEqualTo("u1");
        assertThat(settings.admitsAnonymous("/livez")).isTrue();
        assertThat(settings.admitsAnonymous("/api")).isFalse();
        Path file = folder.resolve("authn.yaml");
        Files.writeString(file, config(mapping).replace("[kite]", "[]"));
        Thread.sleep(400);
        assertThat(user(authenticator, issuer.sign(claims)).name()).isEqualTo("a:j");
        Files.writeString(file, config(mapping.replace("a:", "b:")));
        for (int i = 0; i < 200 && settings.admitsAnonymous("/livez"); i++) {
            Thread.sleep(25);
        }
        assertThat(user(authenticator, issuer.sign(claims)).name()).isEqualTo("b:j");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claimMappings: {}|claimMappings.username: claim or expression is required",
                "claimMappings: {username: {claim: sub}}|claimMappings.username.prefix: is required",
                "claimMappings: {username: {claim: sub, expression: claims.sub, prefix: ''}}|can't both be set",
                "claimMappings: {username: {expression: claims.sub}}|CEL was asked for",
                "claimMappings: {username: {claim: sub, prefix: ''}, extra: [{key: a, valueExpression: x}]}|extra[0].key",
                "claimMappings: {username: {claim: sub, prefix: ''}, extra: [{key: kubernetes.io/a, valueExpression: x}]}|reserved",
                "claimValidationRules: [{claim: a, expression: b}], claimMappings: {username: {claim: sub, prefix: ''}}|exactly one",
                "nonsense: 1|unknown field \"nonsense\"",
            })
    void aWrongConfigurationIsOneLineWithItsPlace(String rest, String message) {
        assertThatThrownBy(() -> byFile("  " + rest.replace("], c", "]\n  c") + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("authn.yaml: jwt[0]")
                .hasMessageContaining(message);
    }

    @Test
    void wrongArgumentsAreTold() {
        for (List<String> wrong : List.of(
                List.of("oidc-issuer-url=http://x", "oidc-client-id=a"),
                List.of("oidc-issuer-url=https://x"),
                List.of("oidc-client-id=a"),
                List.of("oidc-issuer-url=https://x?a=b", "oidc-client-id=a"),
                List.of("oidc-issuer-url=https://x", "oidc-client-id=a", "oidc-signing-algs=HS256"),
                List.of("oidc-issuer-url=https://x", "oidc-client-id=a", "oidc-required-claim=a"),
                List.of("anonymous-auth=perhaps"),
                List.of("authentication-config=/nowhere", "oidc-client-id=a"),
                List.of("authentication-config=/nowhere"))) {
            assertThatThrownBy(() -> new AuthenticationSettings(
                            NO_CEL,
                            ComponentArguments.of(UpstreamComponent.APISERVER, wrong.toArray(String[]::new)),
                            now::get))
                    .as(wrong.toString())
                    .isInstanceOfAny(IOException.class, ArgumentException.class);
        }
    }
}
