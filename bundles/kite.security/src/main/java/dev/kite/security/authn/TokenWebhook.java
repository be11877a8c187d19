package dev.kite.security.authn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Kubeconfig;
import dev.kite.security.hook.Https;
import dev.kite.security.hook.Remembered;
import dev.kite.security.settings.ApiServerArguments;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the server of --authentication-token-webhook-config-file whose a token is, by TokenReview, and remembers its answers for --authentication-token-webhook-cache-ttl. */
@Component(
        property = "service.ranking:Integer=50",
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class TokenWebhook implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(TokenWebhook.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LARGEST_ANSWER = 1 << 20;

    private final @Nullable URI uri;
    private final @Nullable Https https;
    private final String version;
    private final Duration life;
    private final Duration patience;
    private final Remembered<Optional<UserInfo>> remembered;

    /**
     * Reads the settings.
     *
     * @param settings the API server's arguments
     * @throws IOException if they are wrong
     */
    @Activate
    public TokenWebhook(ServerSettings settings) throws IOException {
        this(ApiServerArguments.of(settings), InstantSource.system(), PATIENCE);
    }

    TokenWebhook(ComponentArguments arguments, InstantSource clock, Duration patience) throws IOException {
        String file = arguments.text("authentication-token-webhook-config-file", "");
        version = arguments.text("authentication-token-webhook-version", "v1beta1");
        this.patience = patience;
        this.remembered = new Remembered<>(clock);
        if (!version.equals("v1") && !version.equals("v1beta1")) {
            throw new IOException("kube-apiserver-arg authentication-token-webhook-version: \"" + version
                    + "\" is neither v1 nor v1beta1");
        }
        life = arguments.duration("authentication-token-webhook-cache-ttl", Duration.ofMinutes(2));
        Kubeconfig config = file.isEmpty() ? null : Kubeconfig.read(Path.of(file));
        uri = config == null ? null : config.server();
        https = config == null ? null : Https.of(config, LARGEST_ANSWER);
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) throws AuthenticationException {
        String token = https == null ? null : BearerToken.of(exchange);
        return token == null ? null : authenticate(token, List.of());
    }

    @Override
    public @Nullable UserInfo authenticate(String token, List<String> audiences) throws AuthenticationException {
        Https server = https;
        if (server == null || uri == null) {
            return null;
        }
        String question = String.join(" ", audiences) + "\n" + token;
        Optional<UserInfo> known = remembered.get(question);
        if (known == null) {
            try {
                known = ask(server, uri, token, audiences);
            } catch (IOException e) {
                LOG.warn("The authentication webhook failed: {}", e.getMessage());
                throw new AuthenticationException("the authentication webhook failed");
            }
            remembered.put(question, known, life);
        }
        return known.orElse(null);
    }

    private Optional<UserInfo> ask(Https server, URI where, String token, List<String> audiences) throws IOException {
        ObjectNode review = MAPPER.createObjectNode();
        review.put("kind", "TokenReview").put("apiVersion", "authentication.k8s.io/" + version);
        review.putObject("metadata").putNull("creationTimestamp");
        ObjectNode spec = review.putObject("spec").put("token", token);
        if (!audiences.isEmpty()) {
            audiences.forEach(spec.putArray("audiences")::add);
        }
        review.putObject("status").putObject("user");
        Https.Answer answer = server.post(where, MAPPER.writeValueAsBytes(review), patience);
        if (answer.status() < 200 || answer.status() > 299) {
            throw new IOException("it answers " + answer.status());
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new IOException("its answer is not JSON", e);
        }
        if (root == null || !root.path("kind").asText().equals("TokenReview")) {
            throw new IOException("its answer is no TokenReview");
        }
        return user(root.path("status"), audiences);
    }

    private static Optional<UserInfo> user(JsonNode status, List<String> audiences) throws IOException {
        JsonNode user = status.path("user");
        String name = user.path("username").asText();
        if (!status.path("authenticated").asBoolean() || name.isEmpty()) {
            return Optional.empty();
        }
        List<String> of = texts(status.path("audiences"));
        if (!audiences.isEmpty() && of.stream().noneMatch(audiences::contains)) {
            // One that knows no audiences can't vouch for others than the API server.
            return Optional.empty();
        }
        Map<String, List<String>> extra = new LinkedHashMap<>();
        user.path("extra").properties().forEach(entry -> extra.put(entry.getKey(), texts(entry.getValue())));
        return Optional.of(new UserInfo(name, user.path("uid").asText(), texts(user.path("groups")), extra));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    @Deactivate
    void deactivate() {
        if (https != null) {
            https.close();
        }
    }
}
