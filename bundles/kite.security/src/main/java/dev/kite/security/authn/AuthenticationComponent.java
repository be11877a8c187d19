package dev.kite.security.authn;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authentication;
import dev.kite.security.jwt.AuthenticationSettings;
import dev.kite.security.ranked.Ranked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all authenticators in order of ranking; the first who knows decides. Authenticators of other bundles come and go. */
@Component
public final class AuthenticationComponent implements Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(AuthenticationComponent.class);

    private static final UserInfo ANONYMOUS =
            new UserInfo("system:anonymous", "", List.of(UserInfo.UNAUTHENTICATED), Map.of());

    private final Ranked<Authenticator> authenticators = new Ranked<>();

    private final Predicate<String> anonymous;

    /**
     * Starts with the authenticators that are there.
     *
     * @param settings whether a request without credentials is let in
     */
    @Activate
    public AuthenticationComponent(@Reference AuthenticationSettings settings) {
        this(settings::admitsAnonymous);
    }

    AuthenticationComponent(Predicate<String> anonymous) {
        this.anonymous = anonymous;
    }

    /**
     * Adds one.
     *
     * @param authenticator the authenticator
     * @param properties its ranking
     */
    @Reference(
            service = Authenticator.class,
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC)
    public void bindAuthenticator(Authenticator authenticator, Map<String, ?> properties) {
        authenticators.add(authenticator, properties);
    }

    /**
     * Removes one.
     *
     * @param properties its ranking
     */
    public void unbindAuthenticator(Map<String, ?> properties) {
        authenticators.remove(properties);
    }

    /** One authenticator's answer. */
    private interface Question {
        @Nullable
        UserInfo ask(Authenticator authenticator) throws AuthenticationException;
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) {
        UserInfo user = first(authenticator -> authenticator.authenticate(exchange));
        if (user != null) {
            BearerToken.remove(exchange);
        }
        removeProxyHeaders(exchange);
        // Wrong credentials are refused where none at all would do, as upstream: a mistake should show.
        if (user == null && BearerToken.of(exchange) == null && anonymous.test(exchange.path())) {
            return ANONYMOUS;
        }
        return user;
    }

    @Override
    public @Nullable UserInfo authenticate(String token, List<String> audiences) {
        return first(authenticator -> authenticator.authenticate(token, audiences));
    }

    private @Nullable UserInfo first(Question question) {
        for (Authenticator authenticator : authenticators.services()) {
            try {
                UserInfo user = question.ask(authenticator);
                if (user != null) {
                    return signedIn(user);
                }
            } catch (AuthenticationException e) {
                LOG.debug("Refused credentials: {}", e.getMessage());
            }
        }
        return null;
    }

    private static UserInfo signedIn(UserInfo user) {
        if (user.groups().contains(UserInfo.AUTHENTICATED)) {
            return user;
        }
        List<String> groups = new ArrayList<>(user.groups());
        groups.add(UserInfo.AUTHENTICATED);
        return new UserInfo(user.name(), user.uid(), groups, user.extra());
    }

    /** Who is no front proxy must not seem to be one to an API server further on. */
    private static void removeProxyHeaders(HttpExchange exchange) {
        List<String> names = new ArrayList<>();
        exchange.requestHeaders().forEach((name, _) -> {
            if (name.toLowerCase(java.util.Locale.ROOT).startsWith("x-remote-")) {
                names.add(name);
            }
        });
        names.forEach(exchange.requestHeaders()::remove);
    }
}
