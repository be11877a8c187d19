package dev.kite.apiserver.diagnostics;

import dev.kite.api.health.HealthCheck;
import dev.kite.api.health.HealthCheck.Health;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.GaugeFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.request.ApiRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers /healthz, /livez and /readyz, as a whole and check by check, with Kubernetes' forms: ok, or each check with its state. What each check found is
 * told by /metrics/slis. Thread-safe.
 */
public final class HealthDocument implements ApiRoute.Document, MetricSource {
    private final HealthChecks checks;
    private final GaugeFamily states = new GaugeFamily(Metric.stable(
            "kubernetes_healthcheck", "What a health check last found: 1 for well, 0 for not.", "name", "type"));
    private final CounterFamily results = new CounterFamily(
            Metric.stable("kubernetes_healthchecks_total", "What health checks found.", "name", "type", "status"));

    /**
     * The document.
     *
     * @param checks the checks
     */
    public HealthDocument(HealthChecks checks) {
        this.checks = checks;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        String[] parts = exchange.path().substring(1).split("/", 2);
        List<HealthCheck> all = checks.of(parts[0]);
        if (all.isEmpty()) {
            return false;
        }
        if (parts.length > 1) {
            return one(exchange, parts[0], parts[1], all);
        }
        whole(exchange, parts[0], all);
        return true;
    }

    private void whole(HttpExchange exchange, String endpoint, List<HealthCheck> all) throws IOException {
        Set<String> excluded = new HashSet<>(exchange.query().all("exclude"));
        StringBuilder text = new StringBuilder();
        boolean well = true;
        for (HealthCheck check : all) {
            text.append("[");
            if (excluded.remove(check.name())) {
                text.append("+]").append(check.name()).append(" excluded: ok\n");
                continue;
            }
            boolean good = look(endpoint, check);
            well &= good;
            text.append(good ? "+]" : "-]").append(check.name()).append(good ? " ok\n" : " failed: reason withheld\n");
        }
        if (!excluded.isEmpty()) {
            text.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(excluded.stream()
                            .sorted()
                            .map(name -> "\"" + name + "\"")
                            .collect(Collectors.joining(",")))
                    .append('\n');
        }
        text.append(endpoint).append(well ? " check passed\n" : " check failed\n");
        boolean verbose = !well || exchange.query().first("verbose") != null;
        exchange.responseHeaders().set("X-Content-Type-Options", "nosniff");
        answer(exchange, well ? 200 : 500, verbose ? text.toString() : "ok");
    }

    private boolean one(HttpExchange exchange, String endpoint, String name, List<HealthCheck> all) throws IOException {
        for (HealthCheck check : all) {
            if (check.name().equals(name)) {
                boolean good = look(endpoint, check);
                if (!good) {
                    exchange.responseHeaders().set("X-Content-Type-Options", "nosniff");
                }
                answer(exchange, good ? 200 : 500, good ? "ok" : "internal server error: reason withheld\n");
                return true;
            }
        }
        return false;
    }

    private boolean look(String endpoint, HealthCheck check) {
        boolean good = check.check() instanceof Health.Healthy;
        states.with(check.name(), endpoint).set(good ? 1 : 0);
        results.with(check.name(), endpoint, good ? "success" : "error").increment();
        return good;
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        exchange.respond(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(states, results);
    }
}
