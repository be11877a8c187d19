package dev.kite.apiserver.audit;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.apiserver.metrics.AuditMetrics;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How events reach a backend. Bounds and words of what is refused are upstream's.
 *
 * @param mode blocking, blocking-strict or batch
 * @param batches how batches are made
 * @param truncate bounds of events and batches, null for none
 */
record BackendSettings(String mode, BatchSink.Settings batches, TruncatingSink.@Nullable Limits truncate) {
    private static final String VERSION = "audit.k8s.io/v1";
    private static final int MOST_WAITING = 1_000_000;
    private static final int ROOM = 10_000;

    static BackendSettings log(ComponentArguments given) {
        return of(given, "log", "blocking", new BatchSink.Settings(ROOM, 1, Duration.ZERO, 0, 0, false));
    }

    static BackendSettings webhook(ComponentArguments given) {
        return of(given, "webhook", "batch", new BatchSink.Settings(ROOM, 400, Duration.ofSeconds(30), 10, 15, true));
    }

    private static BackendSettings of(
            ComponentArguments given, String plugin, String mode, BatchSink.Settings defaults) {
        String prefix = "audit-" + plugin + "-";
        String chosen = given.text(prefix + "mode", mode);
        if (!List.of("batch", "blocking", "blocking-strict").contains(chosen)) {
            throw new IllegalArgumentException("invalid audit " + plugin + " mode " + chosen
                    + ", allowed modes are \"batch,blocking,blocking-strict\"");
        }
        oneOf(given, prefix + "version", VERSION);
        return new BackendSettings(
                chosen,
                batches(given, plugin, prefix + "batch-", defaults, chosen.equals("batch")),
                truncate(given, plugin, prefix + "truncate-"));
    }

    private static BatchSink.Settings batches(
            ComponentArguments given, String plugin, String prefix, BatchSink.Settings defaults, boolean used) {
        long room = given.number(prefix + "buffer-size", defaults.room());
        long most = given.number(prefix + "max-size", defaults.most());
        boolean throttled = given.flag(prefix + "throttle-enable", defaults.perSecond() > 0);
        double perSecond = given.decimal(prefix + "throttle-qps", defaults.perSecond());
        long burst = given.number(prefix + "throttle-burst", defaults.burst());
        if (used) {
            positive(plugin, "batch", "buffer size", room, room > 0);
            positive(plugin, "batch", "max batch size", most, most > 0);
            if (throttled) {
                positive(plugin, "batch", "throttle QPS", perSecond, perSecond > 0);
                positive(plugin, "batch", "throttle burst", burst, burst > 0);
            }
        }
        return new BatchSink.Settings(
                Math.clamp(room, 1, MOST_WAITING),
                Math.clamp(most, 1, MOST_WAITING),
                given.duration(prefix + "max-wait", defaults.lingers()),
                throttled ? perSecond : 0,
                Math.clamp(burst, 0, MOST_WAITING),
                defaults.together());
    }

    private static TruncatingSink.@Nullable Limits truncate(ComponentArguments given, String plugin, String prefix) {
        if (!given.flag(prefix + "enabled", false)) {
            return null;
        }
        long batch = given.number(prefix + "max-batch-size", 10L << 20);
        long event = given.number(prefix + "max-event-size", 100L << 10);
        positive(plugin, "truncate", "max event size", event, event > 0);
        if (batch < event) {
            throw new IllegalArgumentException("invalid audit truncate " + plugin + " max batch size " + batch
                    + ", must be greater than max event size (" + event + ")");
        }
        return new TruncatingSink.Limits(batch, event);
    }

    private static void positive(String plugin, String what, String name, Number value, boolean good) {
        if (!good) {
            throw new IllegalArgumentException(
                    "invalid audit " + what + " " + plugin + " " + name + " " + value + ", must be a positive number");
        }
    }

    static String oneOf(ComponentArguments given, String name, String... words) {
        String word = given.text(name, words[0]);
        if (!List.of(words).contains(word)) {
            throw new IllegalArgumentException(
                    "--" + name + ": invalid value " + word + ", allowed are " + String.join(", ", words));
        }
        return word;
    }

    /** What stands before a backend: bounds of sizes next to it, batches before them. */
    AuditSink around(AuditSink backend, AuditMetrics metrics) {
        AuditSink bounded = truncate == null ? backend : new TruncatingSink(backend, truncate, metrics);
        return mode.equals("batch") ? new BatchSink(bounded, batches, metrics) : bounded;
    }

    boolean strict() {
        return mode.equals("blocking-strict");
    }
}
