package dev.kite.security.token;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.security.ServiceAccountTokens.Claims;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * How tokens are issued and whose are taken.
 *
 * @param issuers the first signs, all are taken
 * @param audiences of the API server
 * @param keysUri where the discovery document says that the keys are, empty for under the issuer
 * @param longest the longest life of a token, zero for no bound
 * @param extending whether pods' tokens live longer than asked for, for programs that don't read them anew
 * @param lookup whether tokens of Secrets are looked up; those of pods always are, as upstream
 */
record Issuing(
        List<String> issuers,
        List<String> audiences,
        String keysUri,
        Duration longest,
        boolean extending,
        boolean lookup) {
    /** How long an extended token lives. */
    static final Duration EXTENSION = Duration.ofDays(365);
    /** The life that the kubelet asks for; only tokens of this life are extended (upstream's WarnOnlyBoundTokenExpirationPeriod). */
    private static final Duration WARNED = Duration.ofSeconds(3607);

    static Issuing of(String issuer) {
        return new Issuing(List.of(issuer), List.of(issuer), "", Duration.ZERO, false, true);
    }

    /** Throws IllegalArgumentException where an argument is wrong. */
    static Issuing of(ComponentArguments arguments, String absent) {
        List<String> given = arguments.values("service-account-issuer");
        List<String> issuers = given.isEmpty() ? List.of(absent) : given;
        if (issuers.contains("") || new HashSet<>(issuers).size() < issuers.size()) {
            throw new IllegalArgumentException("service-account-issuer: an empty one, or one that is given twice");
        }
        for (String issuer : issuers) {
            // Upstream takes any text without a colon, and a URL.
            if (issuer.contains(":") && !issuer.matches("[A-Za-z][A-Za-z0-9+.-]*:\\S+")) {
                throw new IllegalArgumentException("service-account-issuer: \"" + issuer + "\" is no URL");
            }
        }
        String uri = arguments.text("service-account-jwks-uri", "");
        if (!uri.isEmpty() && !uri.matches("https://[^/\\s]\\S*")) {
            throw new IllegalArgumentException("service-account-jwks-uri: \"" + uri + "\" is no https URL");
        }
        List<String> audiences = arguments.list("api-audiences");
        Duration longest = arguments.duration("service-account-max-token-expiration", Duration.ZERO);
        if (!longest.isZero()
                && (longest.compareTo(Duration.ofHours(1)) < 0
                        || longest.compareTo(Duration.ofSeconds(1L << 32)) > 0)) {
            throw new IllegalArgumentException(
                    "service-account-max-token-expiration: must be between 1h and 2^32 seconds");
        }
        return new Issuing(
                List.copyOf(issuers),
                audiences.isEmpty() ? List.copyOf(issuers) : audiences,
                uri,
                longest,
                arguments.flag("service-account-extend-token-expiration", true),
                arguments.flag("service-account-lookup", true));
    }

    Duration bounded(Duration wanted) {
        return longest.isZero() || wanted.compareTo(longest) <= 0 ? wanted : longest;
    }

    boolean extendsLife(Claims wanted) {
        var bound = wanted.boundTo();
        boolean ofPod = bound != null && bound.kind().equals("Pod");
        boolean ofApi =
                wanted.audiences().isEmpty() || wanted.audiences().stream().allMatch(audiences::contains);
        return extending && ofPod && ofApi && wanted.lifetime().equals(WARNED);
    }
}
