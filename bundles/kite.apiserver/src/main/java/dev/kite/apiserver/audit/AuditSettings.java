package dev.kite.apiserver.audit;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.apiserver.metrics.AuditMetrics;
import dev.kite.apiserver.request.ConfigFile;
import dev.kite.http.HttpClientFactory;
import dev.kite.security.Kubeconfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of the API server's arguments is of audit, with upstream's defaults.
 *
 * @param policyFile the policy; null where nothing is audited
 * @param path the log's file, or a hyphen for standard output; null for none
 * @param legacy whether a line is words instead of JSON
 * @param limits when the file is renamed and which are kept
 * @param log how events reach the log
 * @param webhookFile the kubeconfig of the server that events are posted to; null for none
 * @param backoff how long a post that failed waits for its second try
 * @param webhook how events reach that server
 */
record AuditSettings(
        @Nullable Path policyFile,
        @Nullable String path,
        boolean legacy,
        RotatingFile.Limits limits,
        BackendSettings log,
        @Nullable Path webhookFile,
        Duration backoff,
        BackendSettings webhook) {
    private static final long MEGABYTE = 1L << 20;
    private static final int MAX_AGE = 366;
    private static final int MAX_BACKUPS = 100;
    private static final Duration BACKOFF = Duration.ofSeconds(10);

    static AuditSettings of(ComponentArguments given) {
        String format = BackendSettings.oneOf(given, "audit-log-format", "json", "legacy");
        long megabytes = atLeastZero(given, "audit-log-maxsize", 100);
        return new AuditSettings(
                given.text("audit-policy-file").map(Path::of).orElse(null),
                given.text("audit-log-path").orElse(null),
                format.equals("legacy"),
                new RotatingFile.Limits(
                        // Upstream's writer takes 100 MB where it is told none.
                        megabytes == 0 ? 100 * MEGABYTE : Math.min(megabytes, MEGABYTE) * MEGABYTE,
                        Math.min(atLeastZero(given, "audit-log-maxage", MAX_AGE), 100_000),
                        atLeastZero(given, "audit-log-maxbackup", MAX_BACKUPS),
                        given.flag("audit-log-compress", false)),
                BackendSettings.log(given),
                given.text("audit-webhook-config-file").map(Path::of).orElse(null),
                given.duration(
                        "audit-webhook-initial-backoff",
                        given.duration("audit-webhook-batch-initial-backoff", BACKOFF)),
                BackendSettings.webhook(given));
    }

    private static long atLeastZero(ComponentArguments given, String name, long otherwise) {
        long number = given.number(name, otherwise);
        if (number < 0) {
            throw new IllegalArgumentException("--" + name + " " + number + " can't be a negative number");
        }
        return number;
    }

    boolean on() {
        return policyFile != null && (path != null || webhookFile != null);
    }

    AuditPolicy policy() {
        Path file = Objects.requireNonNull(policyFile);
        try {
            return AuditPolicy.read(ConfigFile.read(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("--audit-policy-file: " + file + ": " + e.getMessage(), e);
        }
    }

    AuditSink sink(InstantSource clock, AuditMetrics metrics, HttpClientFactory clients) {
        List<FanOut.Part> parts = new ArrayList<>();
        if (path != null) {
            parts.add(new FanOut.Part(log.around(toLog(path, clock, metrics), metrics), log.strict()));
        }
        if (webhookFile != null) {
            parts.add(new FanOut.Part(
                    webhook.around(toWebhook(webhookFile, metrics, clients), metrics), webhook.strict()));
        }
        return new FanOut(parts, metrics);
    }

    private AuditSink toLog(String to, InstantSource clock, AuditMetrics metrics) {
        try {
            OutputStream out = to.equals("-") ? new StandardOutput() : new RotatingFile(Path.of(to), limits, clock);
            return legacy ? AuditLog.legacy(out, metrics) : AuditLog.json(out, metrics);
        } catch (IOException e) {
            throw new IllegalStateException("--audit-log-path: " + to + " can't be written: " + e.getMessage(), e);
        }
    }

    private AuditSink toWebhook(Path file, AuditMetrics metrics, HttpClientFactory clients) {
        try {
            return new WebhookSink(HttpsPoster.of(Kubeconfig.read(file), clients), backoff, metrics);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("--audit-webhook-config-file: " + file + ": " + e.getMessage(), e);
        }
    }

    /** Whether an event that can't be taken refuses its request. */
    boolean strict() {
        return (path != null && log.strict()) || (webhookFile != null && webhook.strict());
    }
}
