package dev.kite.cli.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kite bench}. */
@Command(
        name = "bench",
        description = "Measure a Kubernetes API, or how this server starts and idles.",
        mixinStandardHelpOptions = true,
        subcommands = {ApiBench.class, StartBench.class})
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** For picocli. */
    public BenchCommand() {}

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
