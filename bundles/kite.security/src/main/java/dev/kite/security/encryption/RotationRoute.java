package dev.kite.security.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpRoute;
import dev.kite.api.security.UserInfo;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.StoredObjects;
import dev.kite.security.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code kite secrets-encrypt} and k3s's: {@code /v1-k3s/encrypt/status} and {@code /v1-k3s/encrypt/config}, for who has the server's token (HTTP basic authentication of the
 * user server). Also marks this server's node with the stage and hash of its keys when it is there.
 */
@Component(configurationPid = "kite", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class RotationRoute implements HttpRoute {
    private static final Logger LOG = LoggerFactory.getLogger(RotationRoute.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String PREFIX = "/v1-k3s/encrypt/";
    private static final int LARGEST_REQUEST = 4 << 10;

    private final Tokens tokens;
    private final KubernetesClient client;
    private final SecretsRotation rotation;
    private final StorageEncryptionComponent encryption;
    private final SecretsRotation.ClusterObjects cluster;
    private final ClusterCertificates.@Nullable Subscription nodes;

    /**
     * Rotates.
     *
     * @param tokens who may ask
     * @param encryption whose keys
     * @param objects where this server's node appears
     * @param clients makes the client that writes Secrets anew
     * @param server which provider new keys are for
     * @param agent this server's node
     */
    @Activate
    public RotationRoute(
            @Reference Tokens tokens,
            @Reference StorageEncryptionComponent encryption,
            @Reference StoredObjects objects,
            @Reference KubernetesClientFactory clients,
            ServerSettings server,
            AgentSettings agent) {
        this.tokens = tokens;
        this.encryption = encryption;
        this.client = clients.inProcess(UserInfo.of("system:k3s-supervisor", UserInfo.MASTERS));
        String node = nodeName(agent);
        this.cluster = new ApiClusterObjects(client, node, InstantSource.system());
        this.rotation =
                new SecretsRotation(encryption, cluster, server.secrets_encryption_provider(), InstantSource.system());
        this.nodes = encryption.own().exists() ? objects.follow("", "nodes", new Marking(node)) : null;
    }

    private static String nodeName(AgentSettings agent) {
        if (!agent.node_name().isEmpty()) {
            return agent.node_name().toLowerCase(Locale.ROOT);
        }
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            LOG.debug("This machine's name is not known", e);
            return "localhost";
        }
    }

    /** Marks the node once, when it is first seen. */
    private final class Marking implements StoredObjects.Listener {
        private final String node;
        private final AtomicBoolean seen = new AtomicBoolean();

        Marking(String node) {
            this.node = node;
        }

        @Override
        public void set(String namespace, String name, byte[] json) {
            if (name.equals(node) && !seen.getAndSet(true)) {
                // A listener must not write.
                Thread.ofVirtual().name("kite-encryption-mark").start(this::mark);
            }
        }

        private void mark() {
            try {
                cluster.mark(encryption.own().state());
            } catch (IOException | ApiException e) {
                LOG.warn("Node {} could not be marked with the hash of its encryption keys: {}", node, e.getMessage());
            }
        }

        @Override
        public void gone(String namespace, String name) {
            if (name.equals(node)) {
                seen.set(false);
            }
        }
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public boolean anonymous() {
        // By the join token, which no authenticator of the API takes.
        return true;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Optional<Tokens.Role> role = role(exchange.requestHeaders().first("Authorization"));
        if (role.isEmpty()) {
            exchange.responseHeaders().set("WWW-Authenticate", "Basic");
            answer(exchange, 401, "Unauthorized");
        } else if (role.get() != Tokens.Role.SERVER) {
            answer(exchange, 403, "Forbidden");
        } else {
            serve(exchange, exchange.path().substring(PREFIX.length()));
        }
    }

    private void serve(HttpExchange exchange, String what) throws IOException {
        try {
            if (what.equals("status") && exchange.method().equals("GET")) {
                exchange.respond(200, "application/json", MAPPER.writeValueAsBytes(rotation.status()));
            } else if (what.equals("config") && exchange.method().equals("PUT")) {
                JsonNode request = MAPPER.readTree(exchange.requestBody().readNBytes(LARGEST_REQUEST));
                rotation.change(request == null ? MAPPER.createObjectNode() : request);
                answer(exchange, 200, "");
            } else {
                answer(exchange, what.equals("status") || what.equals("config") ? 405 : 404, "not served here");
            }
        } catch (JsonProcessingException e) {
            answer(exchange, 400, "the request is not JSON");
        } catch (IOException | ApiException | IllegalArgumentException e) {
            LOG.warn("secrets-encrypt: {}", e.getMessage());
            answer(exchange, 400, String.valueOf(e.getMessage()));
        }
    }

    private Optional<Tokens.Role> role(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            String pair =
                    new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : tokens.check(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        exchange.respond(code, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Deactivate
    void deactivate() {
        if (nodes != null) {
            nodes.close();
        }
        client.close();
    }
}
