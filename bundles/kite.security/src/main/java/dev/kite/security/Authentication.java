package dev.kite.security;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.UserInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All authenticators together, for the API port's filter, TokenReviews and servers other than the API's. A service; thread-safe. */
public interface Authentication {
    /**
     * Finds out who asks.
     *
     * @param exchange the request
     * @return the user, in the group system:authenticated; or null where it carries no valid credentials
     */
    @Nullable
    UserInfo authenticate(HttpExchange exchange);

    /**
     * Finds out whom a bearer token is of.
     *
     * @param token the token
     * @param audiences those who ask, empty for the API server
     * @return the user, or null where the token is not valid
     */
    @Nullable
    UserInfo authenticate(String token, List<String> audiences);
}
