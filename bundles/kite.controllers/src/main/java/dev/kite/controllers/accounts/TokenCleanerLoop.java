package dev.kite.controllers.accounts;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Deletes bootstrap tokens that have expired. */
public final class TokenCleanerLoop implements Loop {
    private static final String NAMESPACE = "kube-system";
    private static final String TYPE = "bootstrap.kubernetes.io/token";

    /** Makes the loop. */
    public TokenCleanerLoop() {}

    @Override
    public String name() {
        return "token-cleaner";
    }

    @Override
    public void start(Scope scope) {
        Informer<Secret> secrets = scope.informer(Secret.RESOURCE, NAMESPACE, ListOptions.fields("type=" + TYPE));
        WorkQueue<ObjectKey> queue = scope.queue();
        secrets.onChange((before, after) -> {
            if (after != null) {
                queue.add(Owners.key(after));
            }
        });
        scope.run(1, queue, key -> {
            Secret secret = secrets.get(key.namespace(), key.name());
            Instant end = secret == null ? null : expiration(secret);
            if (secret == null || end == null) {
                return null;
            }
            Duration left = Duration.between(scope.now(), end);
            if (!left.isNegative() && !left.isZero()) {
                return left;
            }
            delete(scope, secret);
            return null;
        });
    }

    /**
     * Tells when a token expires.
     *
     * @param secret the token
     * @return when; the beginning of time where that can't be read, so that a damaged token does not live for ever; null for never
     */
    static @Nullable Instant expiration(Secret secret) {
        var value = secret.data().get("expiration");
        if (value == null || value.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value.utf8()).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static void delete(Scope scope, Secret secret) {
        try {
            scope.resource(Secret.RESOURCE)
                    .delete(
                            NAMESPACE,
                            secret.metadata().name(),
                            DeleteRequest.DEFAULT.only(secret.metadata().uid()));
        } catch (ApiException e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
        }
    }
}
