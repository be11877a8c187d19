package dev.kite.api.security;

import dev.kite.api.http.HttpExchange;
import org.jspecify.annotations.Nullable;

/** Finds out who asks, from a certificate, a bearer token or a header. A service; asked in order of service ranking. Thread-safe. */
public interface Authenticator {
    /**
     * Finds out who asks.
     *
     * @param exchange the request, whose body must not be read
     * @return the user, or null where the request carries nothing that this authenticator knows
     * @throws AuthenticationException if it carries something that is wrong (expired, forged): the answer is 401 unless another knows it
     */
    @Nullable
    UserInfo authenticate(HttpExchange exchange) throws AuthenticationException;

    /**
     * Finds out whom a bearer token is of, for TokenReview and servers other than the API's.
     *
     * @param token the token
     * @param audiences those who ask; empty means the API server
     * @return the user, or null where the token is not of this authenticator's kind
     * @throws AuthenticationException if the token is wrong
     */
    default @Nullable UserInfo authenticate(String token, java.util.List<String> audiences)
            throws AuthenticationException {
        return null;
    }
}
