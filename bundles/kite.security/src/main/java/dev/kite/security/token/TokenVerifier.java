package dev.kite.security.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.security.token.BoundObjects.Found;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides whether a service account's token is good, and for whom it speaks. */
final class TokenVerifier {
    /** An object being deleted keeps its tokens this much longer, so that its last words are heard (Kubernetes' leeway). */
    private static final Duration DELETION_LEEWAY = Duration.ofSeconds(60);
    /** Clocks of servers differ (Kubernetes allows a minute). */
    private static final Duration CLOCK_LEEWAY = Duration.ofSeconds(60);

    /** Set by the cleaner of tokens that were not used for a year, which later deletes the Secret. */
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private static final String LEGACY = "kubernetes.io/serviceaccount/";

    private final List<SigningKey> keys;
    private final Issuing issuing;
    private final BoundObjects objects;
    private final InstantSource clock;
    private final SignedTokens signed = new SignedTokens();

    TokenVerifier(List<SigningKey> keys, Issuing issuing, BoundObjects objects, InstantSource clock) {
        this.keys = keys;
        this.issuing = issuing;
        this.objects = objects;
        this.clock = clock;
    }

    @Nullable
    UserInfo verify(String token, List<String> wantedAudiences) throws AuthenticationException {
        JsonNode claims = signedClaims(token);
        if (claims == null) {
            return null;
        }
        List<String> audiences = wantedAudiences.isEmpty() ? issuing.audiences() : wantedAudiences;
        if (issuing.issuers().contains(claims.path("iss").asText())) {
            checkTime(claims);
            checkAudience(claims.path("aud"), audiences);
            return bound(claims);
        }
        if (audiences.stream().noneMatch(issuing.audiences()::contains)) {
            throw new AuthenticationException("a secret's token speaks to the API server only");
        }
        return legacy(token, claims);
    }

    /**
     * The claims of a token of ours whose signature is good, null where it is none of ours. A signature that was good stays good; time, audience and objects are
     * checked anew at each request.
     */
    private @Nullable JsonNode signedClaims(String token) throws AuthenticationException {
        JsonNode known = signed.get(token);
        if (known != null) {
            return known;
        }
        Jwt jwt = Jwt.parse(token);
        if (jwt == null) {
            return null;
        }
        String from = jwt.claims().path("iss").asText();
        if (!issuing.issuers().contains(from) && !from.equals(ServiceAccountTokensComponent.LEGACY_ISSUER)) {
            // Another issuer's token may be another authenticator's.
            return null;
        }
        jwt.verify(keys);
        signed.put(token, jwt.claims());
        return jwt.claims();
    }

    private void checkTime(JsonNode claims) throws AuthenticationException {
        Instant now = clock.instant();
        if (!claims.path("exp").isIntegralNumber()
                || !claims.path("exp").canConvertToLong()
                || claims.path("exp").asLong() <= now.minus(CLOCK_LEEWAY).getEpochSecond()) {
            throw new AuthenticationException("the token has expired");
        }
        if (claims.path("nbf").asLong() > now.plus(CLOCK_LEEWAY).getEpochSecond()) {
            throw new AuthenticationException("the token is not valid yet");
        }
    }

    private static void checkAudience(JsonNode claim, List<String> wanted) throws AuthenticationException {
        if (claim.isTextual() && wanted.contains(claim.asText())) {
            return;
        }
        for (JsonNode audience : claim) {
            if (wanted.contains(audience.asText())) {
                return;
            }
        }
        throw new AuthenticationException("the token is for other audiences");
    }

    private UserInfo bound(JsonNode claims) throws AuthenticationException {
        JsonNode cluster = claims.path("kubernetes.io");
        String namespace = cluster.path("namespace").asText();
        JsonNode account = cluster.path("serviceaccount");
        String name = account.path("name").asText();
        String user = ServiceAccountTokensComponent.user(namespace, name);
        if (namespace.isEmpty()
                || name.isEmpty()
                || !claims.path("sub").asText().equals(user)) {
            throw new AuthenticationException("the token names no service account");
        }
        String uid = account.path("uid").asText();
        checkLives("serviceaccounts", namespace, name, uid);
        Map<String, List<String>> extra = new LinkedHashMap<>();
        JsonNode pod = cluster.path("pod");
        if (pod.isObject()) {
            checkLives(
                    "pods",
                    namespace,
                    pod.path("name").asText(),
                    pod.path("uid").asText());
            extra.put(
                    "authentication.kubernetes.io/pod-name",
                    List.of(pod.path("name").asText()));
            extra.put(
                    "authentication.kubernetes.io/pod-uid",
                    List.of(pod.path("uid").asText()));
        }
        JsonNode secret = cluster.path("secret");
        if (secret.isObject()) {
            checkLives(
                    "secrets",
                    namespace,
                    secret.path("name").asText(),
                    secret.path("uid").asText());
        }
        JsonNode node = cluster.path("node");
        if (node.isObject()) {
            // A pod's token may outlive its node object; one that is bound to the node itself may not.
            if (!pod.isObject()) {
                checkLives(
                        "nodes",
                        "",
                        node.path("name").asText(),
                        node.path("uid").asText());
            }
            extra.put(
                    "authentication.kubernetes.io/node-name",
                    List.of(node.path("name").asText()));
            extra.put(
                    "authentication.kubernetes.io/node-uid",
                    List.of(node.path("uid").asText()));
        }
        String id = claims.path("jti").asText();
        if (!id.isEmpty()) {
            extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        }
        return user(namespace, user, uid, extra);
    }

    private UserInfo legacy(String token, JsonNode claims) throws AuthenticationException {
        String namespace = claims.path(LEGACY + "namespace").asText();
        String name = claims.path(LEGACY + "service-account.name").asText();
        String uid = claims.path(LEGACY + "service-account.uid").asText();
        String user = ServiceAccountTokensComponent.user(namespace, name);
        if (namespace.isEmpty()
                || name.isEmpty()
                || !claims.path("sub").asText().equals(user)) {
            throw new AuthenticationException("the token names no service account");
        }
        if (!issuing.lookup()) {
            return user(namespace, user, uid, Map.of());
        }
        checkLives("serviceaccounts", namespace, name, uid);
        String secretName = claims.path(LEGACY + "secret.name").asText();
        Found secret = secretName.isEmpty() ? null : objects.find("secrets", namespace, secretName);
        if (secret == null || secret.deleted() != null || !holds(objects.secretToken(namespace, secretName), token)) {
            throw new AuthenticationException("the secret of the token is gone");
        }
        String invalid = objects.label("secrets", namespace, secretName, INVALID_SINCE);
        if (!invalid.isEmpty()) {
            throw new AuthenticationException("the token of secret " + namespace + "/" + secretName
                    + " was marked invalid on " + invalid + "; remove the label " + INVALID_SINCE + " to use it again");
        }
        objects.used(namespace, secretName, clock.instant());
        return user(namespace, user, uid, Map.of());
    }

    private static boolean holds(String stored, String token) {
        String encoded = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
        return MessageDigest.isEqual(stored.getBytes(StandardCharsets.UTF_8), encoded.getBytes(StandardCharsets.UTF_8));
    }

    private void checkLives(String resource, String namespace, String name, String uid) throws AuthenticationException {
        Found found = name.isEmpty() ? null : objects.find(resource, namespace, name);
        if (found == null || !found.uid().equals(uid)) {
            throw new AuthenticationException("the token's " + resource + " " + namespace + "/" + name + " is gone");
        }
        Instant deleted = found.deleted();
        if (deleted != null && deleted.plus(DELETION_LEEWAY).isBefore(clock.instant())) {
            throw new AuthenticationException("the token's " + resource + " " + namespace + "/" + name + " is deleted");
        }
    }

    private static UserInfo user(String namespace, String name, String uid, Map<String, List<String>> extra) {
        List<String> groups = new ArrayList<>();
        groups.add("system:serviceaccounts");
        groups.add("system:serviceaccounts:" + namespace);
        groups.add(UserInfo.AUTHENTICATED);
        return new UserInfo(name, uid, groups, extra);
    }
}
