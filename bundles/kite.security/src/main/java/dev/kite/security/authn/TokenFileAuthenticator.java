package dev.kite.security.authn;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.ServiceAccountTokens;
import dev.kite.security.settings.ApiServerArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of --token-auth-file: lines of token, user name, user's uid and, quoted where they are several, groups. As upstream it is read once, at the start.
 * Immutable.
 */
@Component(
        property = "service.ranking:Integer=250",
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class TokenFileAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFileAuthenticator.class);
    private static final long LARGEST = 16 << 20;
    private static final int LEAST_COLUMNS = 3;

    private final Map<String, UserInfo> users;
    private final ServiceAccountTokens tokens;

    /**
     * Reads the file, where one is given.
     *
     * @param tokens knows for whom this server is: tokens of the file name no audience, so they are for that
     * @param settings the API server's arguments
     * @throws IOException if there is no such file or it is malformed; the message is one line without its tokens
     */
    @Activate
    public TokenFileAuthenticator(@Reference ServiceAccountTokens tokens, ServerSettings settings) throws IOException {
        this(tokens, ApiServerArguments.of(settings));
    }

    TokenFileAuthenticator(ServiceAccountTokens tokens, ComponentArguments arguments) throws IOException {
        this.tokens = tokens;
        String file = arguments.text("token-auth-file", "");
        users = file.isEmpty() ? Map.of() : read(file);
    }

    private static Map<String, UserInfo> read(String file) throws IOException {
        if (Files.size(Path.of(file)) > LARGEST) {
            throw new IOException("token file '" + file + "' is larger than " + LARGEST + " bytes");
        }
        List<List<String>> records;
        try {
            records = CommaSeparated.records(Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new IOException("token file '" + file + "': " + e.getMessage(), e);
        }
        Map<String, UserInfo> read = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            List<String> columns = records.get(i);
            if (columns.size() < LEAST_COLUMNS) {
                throw new IOException("token file '" + file
                        + "' must have at least 3 columns (token, user name, user uid), found " + columns.size());
            }
            if (columns.getFirst().isEmpty()) {
                LOG.warn("empty token has been found in token file '{}', record number '{}'", file, i + 1);
            } else if (read.put(columns.getFirst(), user(columns)) != null) {
                LOG.warn("duplicate token has been found in token file '{}', record number '{}'", file, i + 1);
            }
        }
        return Map.copyOf(read);
    }

    private static UserInfo user(List<String> columns) {
        List<String> groups = columns.size() > LEAST_COLUMNS
                ? List.of(columns.get(LEAST_COLUMNS).split(",", -1))
                : List.of();
        return new UserInfo(columns.get(1), columns.get(2), groups, Map.of());
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) throws AuthenticationException {
        String token = users.isEmpty() ? null : BearerToken.of(exchange);
        return token == null ? null : authenticate(token, List.of());
    }

    @Override
    public @Nullable UserInfo authenticate(String token, List<String> audiences) throws AuthenticationException {
        boolean forUs = audiences.isEmpty() || tokens.apiAudiences().stream().anyMatch(audiences::contains);
        return forUs ? users.get(token) : null;
    }
}
