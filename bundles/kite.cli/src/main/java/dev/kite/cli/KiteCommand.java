package dev.kite.cli;

import dev.kite.cli.bench.BenchCommand;
import dev.kite.cli.feature.FeatureCommand;
import dev.kite.cli.trial.TryCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kite} itself: version and help. */
@Command(
        name = "kite",
        description = "Kubernetes, small and simple, that changes its parts while it runs.",
        footer = {
            "",
            "server and agent run a node: kite server --help.",
            "kubectl, crictl and ctr run the host's commands against this node."
        },
        subcommands = {CommandLine.HelpCommand.class, TryCommand.class, FeatureCommand.class, BenchCommand.class})
final class KiteCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-v", "--version"},
            description = "Print the version")
    private boolean version;

    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    KiteCommand() {
        this.spec = CommandSpec.create();
    }

    @Override
    public void run() {
        if (version) {
            spec.commandLine().getOut().println("kite version " + Version.KUBERNETES + " (" + Version.KITE + ")");
        } else {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
