package dev.kite.node.volume;

import dev.kite.api.client.KubernetesClient;
import dev.kite.model.authentication.v1.TokenRequest;
import dev.kite.model.authentication.v1.TokenRequestStatus;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ServiceAccount;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Service account tokens bound to pods, asked for once and again when a fifth of their life or a day's end is near. Thread-safe. */
final class PodTokens {
    /** An hour and seven seconds: the extra seconds are upstream's mark of tokens that it projects by default. */
    static final long DEFAULT_SECONDS = 3607;

    private static final Duration OLDEST = Duration.ofHours(24);

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    private record Token(String token, Instant renew) {}

    PodTokens(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    String token(Pod pod, String audience, long seconds) {
        String key = pod.metadata().uid() + "|" + audience + "|" + seconds;
        Token known = tokens.get(key);
        if (known != null && clock.instant().isBefore(known.renew())) {
            return known.token();
        }
        Token fresh = ask(pod, audience, seconds);
        tokens.put(key, fresh);
        return fresh.token();
    }

    void forget(String podUid) {
        tokens.keySet().removeIf(key -> key.startsWith(podUid + "|"));
    }

    private Token ask(Pod pod, String audience, long seconds) {
        TokenRequest request = TokenRequest.builder()
                .spec(spec -> spec.audiences(audience.isEmpty() ? List.of() : List.of(audience))
                        .expirationSeconds(seconds)
                        .boundObjectRef(reference -> reference
                                .apiVersion("v1")
                                .kind("Pod")
                                .name(pod.metadata().name())
                                .uid(pod.metadata().uid())))
                .build();
        String account = pod.spec().serviceAccountName().isEmpty()
                ? "default"
                : pod.spec().serviceAccountName();
        TokenRequestStatus answer = client.resource(ServiceAccount.RESOURCE)
                .subresource("POST", pod.metadata().namespace(), account, "token", request, TokenRequest.TYPE)
                .status();
        Instant now = clock.instant();
        Instant end = answer.expirationTimestamp() == null ? now.plusSeconds(seconds) : answer.expirationTimestamp();
        Duration most = Duration.between(now, end).multipliedBy(4).dividedBy(5);
        return new Token(answer.token(), now.plus(most.compareTo(OLDEST) < 0 ? most : OLDEST));
    }
}
