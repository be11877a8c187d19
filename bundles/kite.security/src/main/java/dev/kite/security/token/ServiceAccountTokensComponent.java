package dev.kite.security.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ServiceAccountTokens;
import dev.kite.security.StoredObjects;
import dev.kite.security.settings.ApiServerArguments;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** Signs with the first key of service.key, verifies with all. */
@Component(configurationPid = "kite", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ServiceAccountTokensComponent implements ServiceAccountTokens {
    /** The issuer of tokens of Secrets, which have no audience. */
    static final String LEGACY_ISSUER = "kubernetes/serviceaccount";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<SigningKey> keys;
    private final Issuing issuing;
    private final String issuer;
    private final InstantSource clock;
    private final TokenVerifier verifier;

    /**
     * Reads the keys.
     *
     * @param certificates has them
     * @param objects the accounts, pods, nodes and secrets that tokens are bound to
     * @param settings the cluster's domain, and service-account-issuer among the API server's arguments
     * @throws IOException if service.key can't be read
     */
    @Activate
    public ServiceAccountTokensComponent(
            @Reference ClusterCertificates certificates, @Reference StoredObjects objects, ServerSettings settings)
            throws IOException {
        this(certificates.serviceAccountKeys(), objects, issuing(settings), InstantSource.system());
    }

    ServiceAccountTokensComponent(List<KeyPair> pairs, StoredObjects objects, String issuer, InstantSource clock) {
        this(pairs, objects, Issuing.of(issuer), clock);
    }

    ServiceAccountTokensComponent(List<KeyPair> pairs, StoredObjects objects, Issuing issuing, InstantSource clock) {
        this.keys = pairs.stream().map(SigningKey::of).toList();
        this.issuing = issuing;
        this.issuer = issuing.issuers().getFirst();
        this.clock = clock;
        this.verifier = new TokenVerifier(keys, issuing, new BoundObjects(objects), clock);
    }

    private static Issuing issuing(ServerSettings settings) throws IOException {
        try {
            return Issuing.of(ApiServerArguments.of(settings), ApiServerArguments.issuer(settings));
        } catch (IllegalArgumentException e) {
            throw new IOException("kube-apiserver-arg " + e.getMessage(), e);
        }
    }

    @Override
    public Issued issue(Claims wanted) {
        Instant now = clock.instant();
        Duration lifetime = issuing.bounded(wanted.lifetime());
        Instant expires = now.plus(lifetime);
        boolean extended = issuing.extendsLife(wanted);
        String id = UUID.randomUUID().toString();
        ObjectNode claims = MAPPER.createObjectNode();
        ArrayNode audiences = claims.putArray("aud");
        (wanted.audiences().isEmpty() ? issuing.audiences() : wanted.audiences()).forEach(audiences::add);
        claims.put("exp", (extended ? now.plus(Issuing.EXTENSION) : expires).getEpochSecond());
        claims.put("iat", now.getEpochSecond());
        claims.put("iss", issuer);
        claims.put("jti", id);
        ObjectNode cluster = claims.putObject("kubernetes.io");
        cluster.put("namespace", wanted.namespace());
        reference(cluster, wanted.node());
        reference(cluster, wanted.boundTo());
        cluster.putObject("serviceaccount").put("name", wanted.name()).put("uid", wanted.uid());
        if (extended) {
            cluster.put("warnafter", expires.getEpochSecond());
        }
        claims.put("nbf", now.getEpochSecond());
        claims.put("sub", user(wanted.namespace(), wanted.name()));
        return new Issued(Jwt.sign(claims, keys.getFirst()), Instant.ofEpochSecond(expires.getEpochSecond()), id);
    }

    private static void reference(ObjectNode cluster, @Nullable ObjectReference object) {
        if (object != null) {
            String field = switch (object.kind()) {
                case "Pod" -> "pod";
                case "Node" -> "node";
                case "Secret" -> "secret";
                default -> throw new IllegalArgumentException("a token cannot be bound to a " + object.kind());
            };
            cluster.putObject(field).put("name", object.name()).put("uid", object.uid());
        }
    }

    @Override
    public String issueForSecret(String namespace, String name, String uid, String secret) {
        ObjectNode claims = MAPPER.createObjectNode();
        claims.put("iss", LEGACY_ISSUER);
        claims.put("kubernetes.io/serviceaccount/namespace", namespace);
        claims.put("kubernetes.io/serviceaccount/secret.name", secret);
        claims.put("kubernetes.io/serviceaccount/service-account.name", name);
        claims.put("kubernetes.io/serviceaccount/service-account.uid", uid);
        claims.put("sub", user(namespace, name));
        return Jwt.sign(claims, keys.getFirst());
    }

    static String user(String namespace, String name) {
        return "system:serviceaccount:" + namespace + ":" + name;
    }

    @Override
    public @Nullable UserInfo verify(String token, List<String> audiences) throws AuthenticationException {
        return verifier.verify(token, audiences);
    }

    @Override
    public String issuer() {
        return issuer;
    }

    @Override
    public List<String> apiAudiences() {
        return issuing.audiences();
    }

    @Override
    public byte[] jwks() {
        ObjectNode set = MAPPER.createObjectNode();
        ArrayNode list = set.putArray("keys");
        keys.forEach(key -> key.describe(list.addObject()));
        return bytes(set);
    }

    @Override
    public byte[] discovery() {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("issuer", issuer);
        document.put("jwks_uri", issuing.keysUri().isEmpty() ? issuer + "/openid/v1/jwks" : issuing.keysUri());
        document.putArray("response_types_supported").add("id_token");
        document.putArray("subject_types_supported").add("public");
        ArrayNode algorithms = document.putArray("id_token_signing_alg_values_supported");
        keys.stream().map(key -> key.algorithm().jwtName()).distinct().forEach(algorithms::add);
        return bytes(document);
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
