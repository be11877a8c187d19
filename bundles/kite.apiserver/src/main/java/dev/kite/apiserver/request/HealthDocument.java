package dev.kite.apiserver.request;

import dev.kite.api.health.HealthCheck;
import dev.kite.api.health.HealthCheck.Health;
import dev.kite.api.http.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Answers /healthz, /livez and /readyz, as a whole and check by check, with Kubernetes' forms: ok, or each check with its state. */
public final class HealthDocument implements ApiRoute.Document {
    private static final List<String> ENDPOINTS = List.of("healthz", "livez", "readyz");

    private final Supplier<List<HealthCheck>> checks;

    /**
     * The document.
     *
     * @param checks the checks at this moment
     */
    public HealthDocument(Supplier<List<HealthCheck>> checks) {
        this.checks = checks;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        String[] parts = exchange.path().substring(1).split("/", 2);
        if (!ENDPOINTS.contains(parts[0])) {
            return false;
        }
        List<HealthCheck> all = new ArrayList<>();
        all.add(PING);
        all.addAll(checks.get());
        if (parts.length > 1 && !parts[1].isEmpty()) {
            return one(exchange, parts[1], all);
        }
        Set<String> excluded = Set.copyOf(exchange.query().all("exclude"));
        all.removeIf(check -> excluded.contains(check.name()));
        StringBuilder text = new StringBuilder();
        boolean well = true;
        for (HealthCheck check : all) {
            boolean good = check.check() instanceof Health.Healthy;
            well &= good;
            text.append(good ? "[+]" : "[-]")
                    .append(check.name())
                    .append(good ? " ok\n" : " failed: reason withheld\n");
        }
        excluded.forEach(name -> text.append("[+]").append(name).append(" excluded: ok\n"));
        text.append(parts[0]).append(well ? " check passed\n" : " check failed\n");
        boolean verbose = !well || exchange.query().first("verbose") != null;
        answer(exchange, well ? 200 : 500, verbose ? text.toString() : "ok");
        return true;
    }

    private static boolean one(HttpExchange exchange, String name, List<HealthCheck> all) throws IOException {
        for (HealthCheck check : all) {
            if (check.name().equals(name)) {
                boolean good = check.check() instanceof Health.Healthy;
                answer(exchange, good ? 200 : 500, good ? "ok" : "internal server error: reason withheld");
                return true;
            }
        }
        return false;
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        exchange.responseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.respond(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static final HealthCheck PING = new HealthCheck() {
        @Override
        public String name() {
            return "ping";
        }

        @Override
        public Health check() {
            return new Health.Healthy();
        }
    };
}
