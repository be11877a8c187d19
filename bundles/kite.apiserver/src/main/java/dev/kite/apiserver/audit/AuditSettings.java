package dev.kite.apiserver.audit;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.apiserver.request.ConfigFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What of the API server's arguments is of audit, with upstream's defaults.
 *
 * @param policyFile the policy; null where nothing is audited
 * @param path the log's file, or a hyphen for standard output; null for none
 * @param legacy whether a line is words instead of JSON
 * @param limits when the file is renamed and which are kept
 * @param mode blocking, blocking-strict or batch
 * @param buffer how many events wait in batch mode
 */
record AuditSettings(
        @Nullable Path policyFile,
        @Nullable String path,
        boolean legacy,
        RotatingFile.Limits limits,
        String mode,
        int buffer) {
    private static final long MEGABYTE = 1L << 20;
    private static final int MOST_WAITING = 1_000_000;

    static AuditSettings of(ComponentArguments given) {
        String format = oneOf(given, "audit-log-format", "json", "legacy");
        long megabytes = atLeastZero(given, "audit-log-maxsize", 0);
        return new AuditSettings(
                given.text("audit-policy-file").map(Path::of).orElse(null),
                given.text("audit-log-path").orElse(null),
                format.equals("legacy"),
                new RotatingFile.Limits(
                        // Upstream's writer takes 100 MB where nothing is said.
                        megabytes == 0 ? 100 * MEGABYTE : Math.min(megabytes, MEGABYTE) * MEGABYTE,
                        Math.min(atLeastZero(given, "audit-log-maxage", 0), 100_000),
                        atLeastZero(given, "audit-log-maxbackup", 0),
                        given.flag("audit-log-compress", false)),
                oneOf(given, "audit-log-mode", "blocking", "blocking-strict", "batch"),
                Math.clamp(given.number("audit-log-batch-buffer-size", 10_000), 1, MOST_WAITING));
    }

    private static long atLeastZero(ComponentArguments given, String name, long otherwise) {
        long number = given.number(name, otherwise);
        if (number < 0) {
            throw new IllegalArgumentException("--" + name + " " + number + " can't be a negative number");
        }
        return number;
    }

    private static String oneOf(ComponentArguments given, String name, String... words) {
        String word = given.text(name, words[0]);
        if (!java.util.List.of(words).contains(word)) {
            throw new IllegalArgumentException(
                    "--" + name + ": invalid value " + word + ", allowed are " + String.join(", ", words));
        }
        return word;
    }

    boolean on() {
        return policyFile != null && path != null;
    }

    AuditPolicy policy() {
        Path file = java.util.Objects.requireNonNull(policyFile);
        try {
            return AuditPolicy.read(ConfigFile.read(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("--audit-policy-file: " + file + ": " + e.getMessage(), e);
        }
    }

    AuditSink sink(InstantSource clock) {
        String to = java.util.Objects.requireNonNull(path);
        AuditLog log;
        try {
            OutputStream out = to.equals("-") ? new StandardOutput() : new RotatingFile(Path.of(to), limits, clock);
            log = legacy ? AuditLog.legacy(out) : AuditLog.json(out);
        } catch (IOException e) {
            throw new IllegalStateException("--audit-log-path: " + to + " can't be written: " + e.getMessage(), e);
        }
        return mode.equals("batch") ? new BatchSink(log, buffer) : log;
    }

    boolean strict() {
        return mode.equals("blocking-strict");
    }
}
