package dev.kite.security.authn;

import dev.kite.api.config.ServerSettings;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.RequestHeaders;
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

/** A front proxy, known by a certificate of request-header-ca with the common name system:auth-proxy, says in X-Remote headers whom it speaks for; --requestheader-* name others. */
@Component(property = "service.ranking:Integer=400")
public final class FrontProxyAuthenticator implements Authenticator {
    private final TrustedChain trusted;
    private final RequestHeaders headers;
    private final InstantSource clock;

    /**
     * Trusts request-header-ca, or whom its arguments name.
     *
     * @param certificates has it
     * @param settings the server's settings
     */
    @Activate
    public FrontProxyAuthenticator(@Reference ClusterCertificates certificates, ServerSettings settings) {
        this(certificates, RequestHeaders.of(settings), InstantSource.system());
    }

    FrontProxyAuthenticator(ClusterCertificates certificates, RequestHeaders headers, InstantSource clock) {
        this.trusted = new TrustedChain(
                headers.authorities().isEmpty()
                        ? () -> certificates.authority(Authority.REQUEST_HEADER)
                        : headers::authorities);
        this.headers = headers;
        this.clock = clock;
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) {
        String user = first(exchange, headers.userHeaders());
        if (user.isEmpty() || !isProxy(exchange)) {
            return null;
        }
        Map<String, List<String>> extra = new LinkedHashMap<>();
        exchange.requestHeaders().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            for (String prefix : headers.extraPrefixes()) {
                if (lower.startsWith(prefix.toLowerCase(Locale.ROOT))) {
                    extra.computeIfAbsent(unescape(lower.substring(prefix.length())), _ -> new ArrayList<>())
                            .add(value);
                }
            }
        });
        List<String> groups = new ArrayList<>();
        headers.groupHeaders()
                .forEach(name -> groups.addAll(exchange.requestHeaders().all(name)));
        return new UserInfo(user, first(exchange, headers.uidHeaders()), groups, extra);
    }

    private static String first(HttpExchange exchange, List<String> names) {
        for (String name : names) {
            String value = exchange.requestHeaders().first(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private boolean isProxy(HttpExchange exchange) {
        if (!trusted.vouchesFor(exchange.peerCertificates(), clock.instant())) {
            return false;
        }
        String name = Subject.read(exchange.peerCertificates()
                        .getFirst()
                        .getSubjectX500Principal()
                        .getEncoded())
                .commonName();
        return headers.allowedNames().isEmpty() || headers.allowedNames().contains(name);
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
