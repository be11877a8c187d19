package dev.kite.cli.feature;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What enable and disable share. */
final class SwitchOptions {
    @Mixin
    private Connection connection = new Connection();

    @Parameters(paramLabel = "NAME", description = "The feature")
    private String name = "";

    @Option(names = "--wait", description = "Wait until it is done, showing its phases")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait (default: ${DEFAULT-VALUE})",
            defaultValue = "120")
    private int timeout = 120;

    @Option(
            names = {"-o", "--output"},
            description = "One of ${COMPLETION-CANDIDATES}: the feature, when it is done",
            arity = "1")
    private @Nullable Output output;

    SwitchOptions() {}

    int run(CommandSpec spec, boolean enabled, @Nullable String version) throws IOException, InterruptedException {
        Names.checked(spec, name);
        return run(
                connection.open(),
                spec.commandLine().getOut(),
                spec.commandLine().getErr(),
                enabled,
                version);
    }

    int run(Features features, PrintWriter out, PrintWriter err, boolean enabled, @Nullable String version)
            throws IOException, InterruptedException {
        Switch switching = new Switch(features);
        JsonNode feature = switching.ask(name, enabled, version);
        if (wait) {
            // Progress is not the result: with -o the result alone is on standard output.
            Progress progress = new Progress(name, output == null ? out : err, terminal());
            try {
                feature = switching.await(feature, Duration.ofSeconds(timeout), progress);
            } finally {
                progress.end();
            }
        }
        if (output != null) {
            out.print(output.one(feature));
        } else if (!wait) {
            out.println(name + (enabled ? " will be enabled" : " will be disabled") + "; kite feature show " + name
                    + " tells how it goes");
        }
        out.flush();
        return wait ? judged(feature, enabled, out) : 0;
    }

    private int judged(JsonNode feature, boolean enabled, PrintWriter out) throws IOException {
        JsonNode status = feature.path("status");
        String phase = status.path("phase").asText();
        if (!phase.equals(enabled ? "Enabled" : "Disabled")) {
            throw new IOException(
                    name + " is " + phase + ": " + status.path("message").asText());
        }
        if (output == null) {
            String version = status.path("version").asText();
            out.println(name + (version.isEmpty() ? "" : " " + version) + " is " + phase);
            out.flush();
        }
        return 0;
    }

    /** The console may still be null where the runtime image lacks its module. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean terminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
