package dev.kite.node.server;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.http.TlsIdentity;
import dev.kite.node.KubeletArguments;
import dev.kite.security.Identity;
import dev.kite.security.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet's arguments say of its server.
 *
 * @param given the arguments
 * @param identity the key and certificate that it presents, null for its own
 * @param clientAuthorities whose client certificates it takes besides the cluster's
 */
record ServerRules(ComponentArguments given, @Nullable TlsIdentity identity, List<X509Certificate> clientAuthorities) {
    private static final UserInfo ANONYMOUS =
            new UserInfo("system:anonymous", "", List.of(UserInfo.UNAUTHENTICATED), Map.of());
    private static final Duration FOREVER = Duration.ofDays(10_000);

    static ServerRules of(KubeletArguments arguments) throws IOException {
        ComponentArguments given = arguments.given();
        String certificate = given.text("tls-cert-file", "");
        String key = given.text("tls-private-key-file", "");
        String authorities = given.text("client-ca-file", "");
        return new ServerRules(
                given,
                certificate.isEmpty() || key.isEmpty() ? null : identity(certificate, key),
                authorities.isEmpty() ? List.of() : PemFiles.certificates(Path.of(authorities)));
    }

    private static TlsIdentity identity(String certificate, String key) throws IOException {
        Identity identity = PemFiles.identity(Path.of(certificate), Path.of(key));
        return new TlsIdentity(identity.key(), identity.chain());
    }

    boolean debugging() {
        return given.flag("enable-debugging-handlers", true);
    }

    String address(String otherwise) {
        return given.text("address", otherwise);
    }

    int port(int otherwise) {
        return Math.toIntExact(given.number("port", otherwise));
    }

    int readOnlyPort() {
        return Math.toIntExact(given.number("read-only-port", 0));
    }

    String healthAddress() {
        return given.text("healthz-bind-address", "127.0.0.1");
    }

    int healthPort() {
        return Math.toIntExact(given.number("healthz-port", 10248));
    }

    /** How long a stream may be idle. */
    Duration idle() {
        Duration idle = given.duration("streaming-connection-idle-timeout", Duration.ofHours(4));
        return idle.isPositive() ? idle : FOREVER;
    }

    boolean alwaysAllow() {
        return given.text("authorization-mode", "").equals("AlwaysAllow");
    }

    /** Who calls, from who that is at the API: tokens count where they are to be looked up, nobody only where that is allowed. */
    @Nullable
    UserInfo user(HttpExchange exchange, @Nullable UserInfo known) throws AuthenticationException {
        UserInfo certified = clientAuthorities.isEmpty()
                ? null
                : PemFiles.clients(clientAuthorities).authenticate(exchange);
        if (certified != null) {
            return certified;
        }
        boolean token = exchange.requestHeaders().first("Authorization") != null;
        boolean anonymous = known == null || known.name().equals(ANONYMOUS.name());
        if (anonymous || (token && !given.flag("authentication-token-webhook", true))) {
            return given.flag("anonymous-auth", false) && !token ? ANONYMOUS : null;
        }
        return known;
    }
}
