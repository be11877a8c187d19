package dev.kite.apiserver.bootstrap;

import dev.kite.api.health.HealthCheck;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.aggregation.Aggregation;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.webhook.WebhookCaller;
import dev.kite.cel.CelCompiler;
import dev.kite.http.HttpClient;
import dev.kite.security.Authentication;
import dev.kite.security.Authorization;
import dev.kite.security.ServiceAccountTokens;
import dev.kite.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the API server works with.
 *
 * @param store where objects are kept
 * @param followers who must have seen a write before it is acknowledged
 * @param settings what the server is set to
 * @param clock the time
 * @param checks the health checks at this moment
 * @param cel compiles the expressions of policies, conditions and rules
 * @param security who may do what; null in tests that have none, where reviews and tokens aren't served
 * @param clients reach kubelets and pods; null in tests that have none, where logs, exec and proxies aren't served
 * @param monitoring what watches it
 */
public record Surroundings(
        Store store,
        Followers followers,
        ApiSettings settings,
        InstantSource clock,
        Supplier<List<HealthCheck>> checks,
        CelCompiler cel,
        @Nullable Security security,
        @Nullable Clients clients,
        Monitoring monitoring) {
    /**
     * Those of a server that nobody watches from outside.
     *
     * @param store the store
     * @param followers who must have seen a write before it is acknowledged
     * @param settings what is set
     * @param clock tells the time
     * @param checks the health checks at this moment
     * @param cel compiles expressions
     * @param security who may do what
     * @param clients what reaches others
     */
    public Surroundings(
            Store store,
            Followers followers,
            ApiSettings settings,
            InstantSource clock,
            Supplier<List<HealthCheck>> checks,
            CelCompiler cel,
            @Nullable Security security,
            @Nullable Clients clients) {
        this(store, followers, settings, clock, checks, cel, security, clients, Monitoring.alone());
    }

    /**
     * Who may do what.
     *
     * @param authentication knows whose tokens are
     * @param authorization decides
     * @param tokens issues service account tokens
     * @param published how API servers behind this one know its users: the data of ConfigMap extension-apiserver-authentication
     */
    public record Security(
            Authentication authentication,
            Authorization authorization,
            ServiceAccountTokens tokens,
            Map<String, String> published) {
        /** Copies the map. */
        public Security {
            published = Map.copyOf(published);
        }
    }

    /**
     * What reaches others.
     *
     * @param kubelets presents the API server's certificate
     * @param pods presents nothing
     * @param webhooks calls webhooks
     * @param aggregated how API servers behind this one are reached
     */
    public record Clients(
            HttpClient kubelets,
            HttpClient pods,
            Function<Lookups, WebhookCaller> webhooks,
            Aggregation.Reach aggregated) {}
}
