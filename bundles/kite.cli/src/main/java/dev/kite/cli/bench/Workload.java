package dev.kite.cli.bench;

import java.nio.charset.StandardCharsets;

/** The objects that the API is driven with: of about 1 KB, and never run: pods name a scheduler that isn't there. */
enum Workload {
    CONFIGMAPS("configmaps"),
    PODS("pods");

    private static final String FILLER = "x".repeat(700);

    private final String plural;

    Workload(String plural) {
        this.plural = plural;
    }

    String plural() {
        return plural;
    }

    String path(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/" + plural;
    }

    byte[] object(String name) {
        String json = switch (this) {
            case CONFIGMAPS -> """
                    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","labels":{"app":"bench"}},"data":{"text":"%s"}}""".formatted(name, FILLER);
            case PODS -> """
                    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"bench"},"annotations":{"text":"%s"}},\
                    "spec":{"schedulerName":"bench-none","containers":[{"name":"main","image":"bench.invalid/none:1"}]}}""".formatted(name, FILLER);
        };
        return json.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] patch(int round) {
        return "{\"metadata\":{\"annotations\":{\"bench\":\"%d\"}}}"
                .formatted(round)
                .getBytes(StandardCharsets.UTF_8);
    }
}
