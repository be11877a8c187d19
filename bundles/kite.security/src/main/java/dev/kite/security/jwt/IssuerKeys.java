package dev.kite.security.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.security.AuthenticationException;
import dev.kite.security.hook.Https;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An issuer's public keys, read from its discovery document with the first token, and again when a token is signed with another key, at most every ten seconds: who sends
 * tokens of made-up keys makes no storm of requests. One request at a time; who waits for it waits no longer than it may take. Thread-safe.
 */
final class IssuerKeys implements AutoCloseable {
    static final int LARGEST_DOCUMENT = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration APART = Duration.ofSeconds(10);
    private static final int MOST_KEYS = 100;

    private final String issuer;
    private final URI discovery;
    private final Https https;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile List<Key> keys = List.of();
    private volatile int fetched;
    private volatile Instant next = Instant.MIN;

    private record Key(String id, String algorithm, PublicKey key) {}

    IssuerKeys(String issuer, URI discovery, Https https, InstantSource clock) {
        this.issuer = issuer;
        this.discovery = discovery;
        this.https = https;
        this.clock = clock;
    }

    /** Checks a signature; throws where none of the issuer's keys made it. */
    void verify(SignedJwt jwt, Set<JwtAlgorithm> allowed) throws AuthenticationException {
        JwtAlgorithm algorithm = JwtAlgorithm.of(jwt.algorithm());
        if (algorithm == null || !allowed.contains(algorithm)) {
            throw new AuthenticationException(
                    "the token of " + issuer + " is signed with an algorithm that is not allowed");
        }
        if (verifies(jwt, algorithm)) {
            return;
        }
        if (refreshed() && verifies(jwt, algorithm)) {
            return;
        }
        throw new AuthenticationException("the token's signature is of none of the keys of " + issuer);
    }

    private boolean verifies(SignedJwt jwt, JwtAlgorithm algorithm) {
        for (Key key : keys) {
            boolean meant = jwt.keyId().isEmpty() || jwt.keyId().equals(key.id());
            boolean suits = key.algorithm().isEmpty() || key.algorithm().equals(algorithm.name());
            if (meant && suits && algorithm.fits(key.key()) && algorithm.verifies(jwt, key.key())) {
                return true;
            }
        }
        return false;
    }

    /** Reads the keys again where that is due; returns whether they may be others now. */
    private boolean refreshed() {
        int before = fetched;
        try {
            if (!fetching.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            if (fetched != before) {
                return true;
            }
            if (clock.instant().isBefore(next)) {
                return false;
            }
            next = clock.instant().plus(APART);
            keys = fetch();
            fetched = before + 1;
            return true;
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("The keys of the issuer {} could not be read: {}", issuer, firstLine(e));
            return false;
        } finally {
            fetching.unlock();
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private List<Key> fetch() throws IOException {
        JsonNode document = document(discovery);
        if (!document.path("issuer").asText().equals(issuer)) {
            throw new IOException("its discovery document is of another issuer");
        }
        URI uri = URI.create(document.path("jwks_uri").asText());
        if (!"https".equals(uri.getScheme())) {
            throw new IOException("its jwks_uri is not https");
        }
        List<Key> found = new ArrayList<>();
        for (JsonNode jwk : document(uri).path("keys")) {
            PublicKey key = key(jwk);
            if (key != null
                    && found.size() < MOST_KEYS
                    && !jwk.path("use").asText("sig").equals("enc")) {
                found.add(new Key(jwk.path("kid").asText(), jwk.path("alg").asText(), key));
            }
        }
        return List.copyOf(found);
    }

    private JsonNode document(URI uri) throws IOException {
        Https.Answer answer = https.get(uri, PATIENCE);
        if (answer.status() != 200) {
            throw new IOException(uri.getPath() + " answers " + answer.status());
        }
        JsonNode document = MAPPER.readTree(answer.body());
        if (document == null || !document.isObject()) {
            throw new IOException(uri.getPath() + " is no JSON object");
        }
        return document;
    }

    /** A public key of RFC 7517; null where it is of a kind that signs no tokens here. */
    private static @org.jspecify.annotations.Nullable PublicKey key(JsonNode jwk) {
        try {
            return switch (jwk.path("kty").asText()) {
                case "RSA" ->
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
                case "EC" -> {
                    String curve = switch (jwk.path("crv").asText()) {
                        case "P-256" -> "secp256r1";
                        case "P-384" -> "secp384r1";
                        case "P-521" -> "secp521r1";
                        default -> "";
                    };
                    if (curve.isEmpty()) {
                        yield null;
                    }
                    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                    parameters.init(new ECGenParameterSpec(curve));
                    yield KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(
                                    new ECPoint(number(jwk, "x"), number(jwk, "y")),
                                    parameters.getParameterSpec(ECParameterSpec.class)));
                }
                default -> null;
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            LOG.debug("A key of an issuer is malformed: {}", e.getMessage());
            return null;
        }
    }

    private static BigInteger number(JsonNode jwk, String field) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path(field).asText()));
    }

    @Override
    public void close() {
        https.close();
    }
}
