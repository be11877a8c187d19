package dev.kite.security;

import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens of service accounts: JSON Web Tokens signed with service.key (RFC 7519). A service of every server; thread-safe. */
public interface ServiceAccountTokens {
    /**
     * What a token is to say.
     *
     * @param namespace the service account's namespace
     * @param name the service account's name
     * @param uid the service account's uid
     * @param audiences for whom; none means the API server
     * @param lifetime how long it is valid
     * @param boundTo the object whose end is the token's, or null
     * @param node the node of the pod that it is bound to, or null
     */
    record Claims(
            String namespace,
            String name,
            String uid,
            List<String> audiences,
            Duration lifetime,
            @Nullable ObjectReference boundTo,
            @Nullable ObjectReference node) {}

    /**
     * An object that a token is bound to.
     *
     * @param kind Pod, Node or Secret
     * @param name its name
     * @param uid its uid
     */
    record ObjectReference(String kind, String name, String uid) {}

    /**
     * A signed token. Its text form shows no token.
     *
     * @param token the token
     * @param expires when it ends
     * @param id its jti claim, for the audit log
     */
    record Issued(String token, Instant expires, String id) {
        @Override
        public String toString() {
            return "Issued[" + id + " until " + expires + "]";
        }
    }

    /**
     * Signs a token.
     *
     * @param claims what it says
     * @return the token
     */
    Issued issue(Claims claims);

    /**
     * Signs a token of old, that of a Secret of type kubernetes.io/service-account-token: without end, as long as the secret and the account are there.
     *
     * @param namespace the service account's namespace
     * @param name the service account's name
     * @param uid the service account's uid
     * @param secret the secret's name
     * @return the token
     */
    String issueForSecret(String namespace, String name, String uid, String secret);

    /**
     * Verifies a token: signature, issuer, time, audience, and that the account and the object that it is bound to are still the same.
     *
     * @param token the token
     * @param audiences those who ask, none for the API server; one of them must be the token's
     * @return the user {@code system:serviceaccount:NAMESPACE:NAME}, or null where the token is none of ours
     * @throws AuthenticationException if it is ours and not valid
     */
    @Nullable
    UserInfo verify(String token, List<String> audiences) throws AuthenticationException;

    /** @return the issuer, also the default audience */
    String issuer();

    /** @return the audiences of the API server (--api-audiences), by default its issuers */
    default List<String> apiAudiences() {
        return List.of(issuer());
    }

    /** @return the public keys as of /openid/v1/jwks, JSON */
    byte[] jwks();

    /** @return the document of /.well-known/openid-configuration, JSON */
    byte[] discovery();
}
