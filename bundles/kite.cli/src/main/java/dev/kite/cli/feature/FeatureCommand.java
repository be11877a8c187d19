package dev.kite.cli.feature;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kite feature}. */
@Command(
        name = "feature",
        aliases = "features",
        description = "List, show and switch the features of a running cluster.",
        subcommands = {ListCommand.class, ShowCommand.class, EnableCommand.class, DisableCommand.class})
public final class FeatureCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    /** For picocli. */
    public FeatureCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "kite feature wants one of list, show, enable, disable");
    }
}
