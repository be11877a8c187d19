package dev.kite.security.authn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.behaviour.Behaviour;
import dev.kite.security.Authority;
import dev.kite.security.CertificateSpec;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.FakeExchange;
import dev.kite.security.FakeObjects;
import dev.kite.security.Identity;
import dev.kite.security.RequestHeaders;
import dev.kite.security.ServiceAccountTokens;
import dev.kite.security.TestCertificates;
import dev.kite.security.measure.SecurityMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorsTest {
    @TempDir
    Path data;

    private ClusterCertificates certificates;
    private Instant now;

    @BeforeEach
    void start() throws IOException {
        certificates = TestCertificates.of(data);
        now = Instant.now();
    }

    private static FakeExchange get() {
        return new FakeExchange("GET", "/api", "");
    }

    @Test
    @Behaviour("client certificate and service account token authentication")
    void aClientsCertificateNamesUserAndGroups() {
        ClientCertificateAuthenticator authenticator =
                new ClientCertificateAuthenticator(certificates, () -> now, new SecurityMetrics());
        Identity admin = certificates.component(ComponentIdentity.ADMIN);
        for (int i = 0; i < 2; i++) {
            UserInfo user = authenticator.authenticate(get().certificates(admin.chain()));
            assertThat(user.name()).isEqualTo("system:admin");
            assertThat(user.groups()).containsExactly("system:masters");
            assertThat(user.extra()
                            .get("authentication.kubernetes.io/credential-id")
                            .getFirst())
                    .matches("X509SHA256=[0-9a-f]{64}");
        }
        assertThat(authenticator.authenticate(get().certificates(List.of(admin.certificate()))))
                .isNotNull();
        assertThat(authenticator.authenticate(get())).isNull();
    }

    @Test
    void otherCertificatesNameNobody(@TempDir Path other) throws Exception {
        ClientCertificateAuthenticator authenticator =
                new ClientCertificateAuthenticator(certificates, () -> now, new SecurityMetrics());
        // Of the front proxies' authority, of servers, of another cluster, for servers only, without a name.
        assertThat(authenticator.authenticate(get().certificates(certificates
                        .component(ComponentIdentity.AUTH_PROXY)
                        .chain())))
                .isNull();
        assertThat(authenticator.authenticate(
                        get().certificates(certificates.server().chain())))
                .isNull();
        assertThat(authenticator.authenticate(get().certificates(TestCertificates.of(other)
                        .component(ComponentIdentity.ADMIN)
                        .chain())))
                .isNull();
        assertThat(authenticator.authenticate(get().certificates(certificates
                        .issue(Authority.CLIENT, CertificateSpec.server("system:admin", List.of()))
                        .chain())))
                .isNull();
        assertThat(authenticator.authenticate(get().certificates(certificates
                        .issue(Authority.CLIENT, CertificateSpec.client("", "system:masters"))
                        .chain())))
                .isNull();
        assertThat(authenticator.authenticate(get().certificates(certificates.authority(Authority.CLIENT))))
                .isNull();
        Identity admin = certificates.component(ComponentIdentity.ADMIN);
        assertThat(authenticator.authenticate(get().certificates(admin.chain())))
                .isNotNull();
        now = now.plus(Duration.ofDays(366));
        assertThat(authenticator.authenticate(get().certificates(admin.chain())))
                .isNull();
    }

    @Test
    void aFrontProxySpeaksForOthersAndNobodyElseDoes() {
        FrontProxyAuthenticator authenticator =
                new FrontProxyAuthenticator(certificates, RequestHeaders.DEFAULT, () -> now);
        List<java.security.cert.X509Certificate> proxy =
                certificates.component(ComponentIdentity.AUTH_PROXY).chain();
        UserInfo user = authenticator.authenticate(get().certificates(proxy)
                .header("X-Remote-User", "ann")
                .header("X-Remote-Group", "a")
                .header("X-Remote-Group", "b")
                .header("X-Remote-Extra-Scopes%2fx", "s1")
                .header("X-Remote-Uid", "u1"));
        assertThat(user).isEqualTo(new UserInfo("ann", "u1", List.of("a", "b"), Map.of("scopes/x", List.of("s1"))));
        assertThat(authenticator.authenticate(get().certificates(proxy))).isNull();
        assertThat(authenticator.authenticate(get().header("X-Remote-User", "root")))
                .isNull();
        assertThat(authenticator.authenticate(get().certificates(
                                certificates.component(ComponentIdentity.ADMIN).chain())
                        .header("X-Remote-User", "root")))
                .isNull();
        assertThat(authenticator.authenticate(get().certificates(certificates
                                .issue(Authority.REQUEST_HEADER, CertificateSpec.client("someone"))
                                .chain())
                        .header("X-Remote-User", "root")))
                .isNull();
    }

    @Test
    void bearerTokensAreReadFromHeaderOrSubprotocolAndTakenOff() {
        assertThat(BearerToken.of(get().header("Authorization", "Bearer abc"))).isEqualTo("abc");
        assertThat(BearerToken.of(get().header("Authorization", "bearer   abc ")))
                .isEqualTo("abc");
        for (String other : List.of("", "Bearer", "Bearer ", "Basic abc", "Bearerabc")) {
            assertThat(BearerToken.of(get().header("Authorization", other)))
                    .as(other)
                    .isNull();
        }
        String encoded =
                Base64.getUrlEncoder().withoutPadding().encodeToString("t?k>n".getBytes(StandardCharsets.UTF_8));
        FakeExchange socket = get().header(
                        "Sec-WebSocket-Protocol",
                        "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io." + encoded);
        assertThat(BearerToken.of(socket)).isEqualTo("t?k>n");
        BearerToken.remove(socket);
        assertThat(socket.requestHeaders().first("Sec-WebSocket-Protocol")).isEqualTo("v5.channel.k8s.io");
        assertThat(BearerToken.of(get().header("Sec-WebSocket-Protocol", "base64url.bearer.authorization.k8s.io.%%%")))
                .isNull();
    }

    @Test
    void whoFrontProxiesAreAndHowTheySpeakIsByArgument() {
        Identity other = certificates.issue(Authority.CLIENT, CertificateSpec.client("gate"));
        RequestHeaders given = new RequestHeaders(
                java.util.Optional.empty(),
                certificates.authority(Authority.CLIENT),
                List.of(),
                List.of("X-First", "X-User"),
                List.of(),
                List.of("X-Team", "X-Role"),
                List.of("X-More-"));
        FrontProxyAuthenticator authenticator = new FrontProxyAuthenticator(certificates, given, () -> now);
        assertThat(authenticator.authenticate(get().certificates(other.chain())
                        .header("X-User", "ann")
                        .header("X-Team", "a")
                        .header("X-Role", "b")
                        .header("X-Remote-Group", "system:masters")
                        .header("X-More-K", "v")))
                .isEqualTo(new UserInfo("ann", "", List.of("a", "b"), Map.of("k", List.of("v"))));
        assertThat(authenticator.authenticate(get().certificates(certificates
                                .component(ComponentIdentity.AUTH_PROXY)
                                .chain())
                        .header("X-User", "ann")))
                .isNull();
    }

    private static ServiceAccountTokens tokens(String issuer) {
        return (ServiceAccountTokens) java.lang.reflect.Proxy.newProxyInstance(
                ServiceAccountTokens.class.getClassLoader(),
                new Class<?>[] {ServiceAccountTokens.class},
                (_, method, _) -> {
                    assertThat(method.getName()).isEqualTo("apiAudiences");
                    return List.of(issuer);
                });
    }

    private static String bootstrap(String type, Map<String, String> data) {
        StringBuilder json = new StringBuilder("{\"type\":\"" + type + "\",\"metadata\":{},\"data\":{");
        String comma = "";
        for (var entry : data.entrySet()) {
            json.append(comma)
                    .append('"')
                    .append(entry.getKey())
                    .append("\":\"")
                    .append(Base64.getEncoder().encodeToString(entry.getValue().getBytes(StandardCharsets.UTF_8)))
                    .append('"');
            comma = ",";
        }
        return json.append("}}").toString();
    }

    @Test
    void bootstrapTokensSignInWhileTheyAreValid() throws Exception {
        FakeObjects objects = new FakeObjects();
        now = Instant.parse("2026-11-24T12:00:00Z");
        BootstrapTokenAuthenticator authenticator = new BootstrapTokenAuthenticator(objects, tokens("us"), () -> now);
        Map<String, String> good = Map.of(
                "token-id",
                "abcdef",
                "token-secret",
                "0123456789abcdef",
                "usage-bootstrap-authentication",
                "true",
                "expiration",
                "2026-11-24T13:00:00+00:00",
                "auth-extra-groups",
                "system:bootstrappers:k3s:default-node-token,system:masters");
        String token = "abcdef.0123456789abcdef";
        String type = "bootstrap.kubernetes.io/token";
        objects.put("", "secrets", "kube-system", "bootstrap-token-abcdef", bootstrap(type, good));
        UserInfo user = authenticator.authenticate(get().header("Authorization", "Bearer " + token));
        assertThat(user.name()).isEqualTo("system:bootstrap:abcdef");
        assertThat(user.groups())
                .containsExactly("system:bootstrappers", "system:bootstrappers:k3s:default-node-token");
        assertThat(authenticator.authenticate("no bootstrap token", List.of())).isNull();
        assertRefused(authenticator, "abcdef.0123456789abcdee");
        assertRefused(authenticator, "aaaaaa.0123456789abcdef");
        for (Map.Entry<String, String> change : Map.of(
                        "usage-bootstrap-authentication",
                        "false",
                        "expiration",
                        "2026-11-24T11:00:00Z",
                        "token-id",
                        "zzzzzz",
                        "token-secret",
                        "")
                .entrySet()) {
            Map<String, String> changed = new java.util.HashMap<>(good);
            changed.put(change.getKey(), change.getValue());
            objects.put("", "secrets", "kube-system", "bootstrap-token-abcdef", bootstrap(type, changed));
            assertRefused(authenticator, token);
        }
        Map<String, String> malformed = new java.util.HashMap<>(good);
        malformed.put("expiration", "soon");
        objects.put("", "secrets", "kube-system", "bootstrap-token-abcdef", bootstrap(type, malformed));
        assertRefused(authenticator, token);
        objects.put("", "secrets", "kube-system", "bootstrap-token-abcdef", bootstrap("Opaque", good));
        assertRefused(authenticator, token);
    }

    private static void assertRefused(BootstrapTokenAuthenticator authenticator, String token) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> authenticator.authenticate(token, List.of()))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageNotContaining(token.substring(7));
    }

    @Test
    void theFirstWhoKnowsDecidesAndAWrongCredentialOfOneLeavesTheOthers() {
        AuthenticationComponent all = new AuthenticationComponent(_ -> false);
        all.bindAuthenticator(
                _ -> {
                    throw new AuthenticationException("expired");
                },
                Map.of("service.ranking", 5, "service.id", 1L));
        FakeExchange exchange = get().header("Authorization", "Bearer x")
                .header("X-Remote-User", "root")
                .header("X-Remote-Extra-A", "b");
        assertThat(all.authenticate(exchange)).isNull();
        assertThat(exchange.requestHeaders().first("X-Remote-User")).isNull();
        assertThat(exchange.requestHeaders().first("X-Remote-Extra-A")).isNull();
        all.bindAuthenticator(
                _ -> new UserInfo("ann", "", List.of("g"), Map.of()), Map.of("service.ranking", 1, "service.id", 2L));
        assertThat(all.authenticate(exchange).groups()).containsExactly("g", "system:authenticated");
        assertThat(exchange.requestHeaders().first("Authorization")).isNull();
        assertThat(all.authenticate("token", List.of())).isNull();
    }

    @Test
    void withoutCredentialsOneIsAnonymousWhereThatIsOnAndWrongOnesAreRefused() {
        AuthenticationComponent livez = new AuthenticationComponent(path -> path.equals("/livez"));
        UserInfo nobody = livez.authenticate(new dev.kite.security.FakeExchange("GET", "/livez", ""));
        assertThat(nobody.name()).isEqualTo("system:anonymous");
        assertThat(nobody.groups()).containsExactly("system:unauthenticated");
        assertThat(livez.authenticate(new dev.kite.security.FakeExchange("GET", "/api", "")))
                .isNull();
        assertThat(livez.authenticate(new dev.kite.security.FakeExchange("GET", "/livez", "")
                        .header("Authorization", "Bearer wrong")))
                .isNull();
    }
}
