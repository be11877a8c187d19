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
import dev.kite.model.Bytes;
import dev.kite.model.core.v1.Secret;
import dev.kite.model.core.v1.ServiceAccount;
import dev.kite.security.ServiceAccountTokens;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Fills Secrets of type kubernetes.io/service-account-token with a token, and deletes them with their service account. */
public final class TokenSecretLoop implements Loop {
    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String NAME = "kubernetes.io/service-account.name";
    private static final String UID = "kubernetes.io/service-account.uid";

    private final ServiceAccountTokens tokens;
    private final Supplier<String> authority;

    /**
     * Makes the loop.
     *
     * @param tokens signs
     * @param authority gives the certificate that vouches for the API server, PEM
     */
    public TokenSecretLoop(ServiceAccountTokens tokens, Supplier<String> authority) {
        this.tokens = tokens;
        this.authority = authority;
    }

    @Override
    public String name() {
        return "tokens-controller";
    }

    /** Upstream's acts with the controller manager's own rights. */
    @Override
    public String user() {
        return "system:kube-controller-manager";
    }

    @Override
    public void start(Scope scope) {
        Informer<Secret> secrets = scope.informer(Secret.RESOURCE, "", ListOptions.fields("type=" + TYPE));
        Informer<ServiceAccount> accounts = scope.informer(ServiceAccount.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        secrets.onChange((before, after) -> {
            if (after != null) {
                queue.add(Owners.key(after));
            }
        });
        accounts.onChange((before, after) -> {
            if (before == null || after == null) {
                ServiceAccount account = after == null ? before : after;
                if (account != null) {
                    secrets.list(account.metadata().namespace()).stream()
                            .filter(secret -> account.metadata()
                                    .name()
                                    .equals(secret.metadata().annotations().get(NAME)))
                            .forEach(secret -> queue.add(Owners.key(secret)));
                }
            }
        });
        scope.run(scope.workers("concurrent-serviceaccount-token-syncs", 5), queue, key -> {
            Secret secret = secrets.get(key.namespace(), key.name());
            if (secret != null && !secret.metadata().hasDeletionTimestamp()) {
                reconcile(scope, secret);
            }
            return null;
        });
    }

    private void reconcile(Scope scope, Secret secret) {
        String name = secret.metadata().annotations().getOrDefault(NAME, "");
        String uid = secret.metadata().annotations().getOrDefault(UID, "");
        if (name.isEmpty()) {
            return;
        }
        // Asked of the server: a token must never be made or taken away by an old view.
        ServiceAccount account = scope.resource(ServiceAccount.RESOURCE)
                .find(secret.metadata().namespace(), name)
                .orElse(null);
        if (account == null || (!uid.isEmpty() && !uid.equals(account.metadata().uid()))) {
            delete(scope, secret);
        } else {
            fill(scope, secret, account);
        }
    }

    private static void delete(Scope scope, Secret secret) {
        try {
            scope.resource(Secret.RESOURCE)
                    .delete(
                            secret.metadata().namespace(),
                            secret.metadata().name(),
                            DeleteRequest.DEFAULT
                                    .only(secret.metadata().uid())
                                    .unchangedSince(secret.metadata().resourceVersion()));
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    private void fill(Scope scope, Secret secret, ServiceAccount account) {
        String namespace = secret.metadata().namespace();
        Map<String, Bytes> data = new HashMap<>(secret.data());
        data.put("ca.crt", Bytes.ofUtf8(authority.get()));
        data.put("namespace", Bytes.ofUtf8(namespace));
        if (!data.containsKey("token")) {
            data.put(
                    "token",
                    Bytes.ofUtf8(tokens.issueForSecret(
                            namespace,
                            account.metadata().name(),
                            account.metadata().uid(),
                            secret.metadata().name())));
        }
        Map<String, String> annotations = new HashMap<>(secret.metadata().annotations());
        annotations.put(UID, account.metadata().uid());
        if (!data.equals(secret.data()) || !annotations.equals(secret.metadata().annotations())) {
            scope.resource(Secret.RESOURCE)
                    .update(secret.toBuilder()
                            .metadata(meta -> meta.annotations(annotations))
                            .data(data)
                            .build());
        }
    }
}
