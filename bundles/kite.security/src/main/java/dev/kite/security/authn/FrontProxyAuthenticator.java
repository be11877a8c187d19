package dev.kite.security.authn;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.pki.Subject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A front proxy, known by a certificate of request-header-ca with the common name system:auth-proxy, says in X-Remote headers whom it speaks for. */
@Component(property = "service.ranking:Integer=400")
public final class FrontProxyAuthenticator implements Authenticator {
    static final String USER = "X-Remote-User";
    static final String UID = "X-Remote-Uid";
    static final String GROUP = "X-Remote-Group";
    static final String EXTRA = "x-remote-extra-";

    private final TrustedChain trusted;
    private final InstantSource clock;

    /**
     * Trusts request-header-ca.
     *
     * @param certificates has it
     */
    @Activate
    public FrontProxyAuthenticator(@Reference ClusterCertificates certificates) {
        this(certificates, InstantSource.system());
    }

    FrontProxyAuthenticator(ClusterCertificates certificates, InstantSource clock) {
        this.trusted = new TrustedChain(() -> certificates.authority(Authority.REQUEST_HEADER));
        this.clock = clock;
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) {
        String user = exchange.requestHeaders().first(USER);
        if (user == null || user.isEmpty() || !isProxy(exchange)) {
            return null;
        }
        String uid = exchange.requestHeaders().first(UID);
        Map<String, List<String>> extra = new LinkedHashMap<>();
        exchange.requestHeaders().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.computeIfAbsent(unescape(lower.substring(EXTRA.length())), _ -> new ArrayList<>())
                        .add(value);
            }
        });
        return new UserInfo(
                user, uid == null ? "" : uid, exchange.requestHeaders().all(GROUP), extra);
    }

    private boolean isProxy(HttpExchange exchange) {
        return trusted.vouchesFor(exchange.peerCertificates(), clock.instant())
                && Subject.read(exchange.peerCertificates()
                                .getFirst()
                                .getSubjectX500Principal()
                                .getEncoded())
                        .commonName()
                        .equals(ComponentIdentity.AUTH_PROXY.user());
    }

    /** Keys are percent-encoded where a header's name can't carry a letter; what is malformed is taken as it is. */
    private static String unescape(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return key;
        }
    }
}
