package dev.kite.security.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.JoinToken;
import dev.kite.security.ServiceAccountTokens;
import dev.kite.security.StoredObjects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Bootstrap tokens, kept as Secrets bootstrap-token-ID of type bootstrap.kubernetes.io/token in kube-system; {@code kite token create} makes them. */
@Component(property = "service.ranking:Integer=100")
public final class BootstrapTokenAuthenticator implements Authenticator {
    private static final String TYPE = "bootstrap.kubernetes.io/token";
    private static final String GROUP = "system:bootstrappers";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final StoredObjects objects;
    private final ServiceAccountTokens tokens;
    private final InstantSource clock;

    /**
     * Looks tokens up here.
     *
     * @param objects has the Secrets
     * @param tokens knows for whom this server is: bootstrap tokens name no audience, so they are for that
     */
    @Activate
    public BootstrapTokenAuthenticator(@Reference StoredObjects objects, @Reference ServiceAccountTokens tokens) {
        this(objects, tokens, InstantSource.system());
    }

    BootstrapTokenAuthenticator(StoredObjects objects, ServiceAccountTokens tokens, InstantSource clock) {
        this.objects = objects;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) throws AuthenticationException {
        String token = BearerToken.of(exchange);
        return token == null ? null : authenticate(token, List.of());
    }

    @Override
    public @Nullable UserInfo authenticate(String token, List<String> audiences) throws AuthenticationException {
        Matcher form = JoinToken.BOOTSTRAP.matcher(token);
        boolean forUs = audiences.isEmpty() || tokens.apiAudiences().stream().anyMatch(audiences::contains);
        if (!form.matches() || !forUs) {
            return null;
        }
        String id = form.group(1);
        byte[] stored = objects.get("", "secrets", "kube-system", "bootstrap-token-" + id);
        if (stored == null) {
            throw new AuthenticationException("no bootstrap token " + id);
        }
        JsonNode secret = read(stored, id);
        check(secret, id, form.group(2));
        List<String> groups = new ArrayList<>();
        groups.add(GROUP);
        for (String extra : data(secret, "auth-extra-groups").split(",")) {
            if (extra.startsWith(GROUP + ":")) {
                groups.add(extra);
            }
        }
        return new UserInfo("system:bootstrap:" + id, "", groups, Map.of());
    }

    private void check(JsonNode secret, String id, String password) throws AuthenticationException {
        boolean right = MessageDigest.isEqual(
                data(secret, "token-secret").getBytes(StandardCharsets.UTF_8),
                password.getBytes(StandardCharsets.UTF_8));
        if (!right
                || !secret.path("type").asText().equals(TYPE)
                || !data(secret, "token-id").equals(id)
                || secret.path("metadata").has("deletionTimestamp")) {
            throw new AuthenticationException("bootstrap token " + id + " is not valid");
        }
        if (!data(secret, "usage-bootstrap-authentication").equals("true")) {
            throw new AuthenticationException("bootstrap token " + id + " may not sign in");
        }
        String expiration = data(secret, "expiration");
        if (!expiration.isEmpty() && !clock.instant().isBefore(instant(expiration, id))) {
            throw new AuthenticationException("bootstrap token " + id + " has expired");
        }
    }

    private static Instant instant(String text, String id) throws AuthenticationException {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new AuthenticationException("bootstrap token " + id + " has a malformed expiration");
        }
    }

    private static JsonNode read(byte[] stored, String id) throws AuthenticationException {
        try {
            return MAPPER.readTree(stored);
        } catch (IOException e) {
            throw new AuthenticationException("bootstrap token " + id + " is stored malformed");
        }
    }

    private static String data(JsonNode secret, String key) {
        try {
            return new String(
                    Base64.getDecoder().decode(secret.path("data").path(key).asText()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
