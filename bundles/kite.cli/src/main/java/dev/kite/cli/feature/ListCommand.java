package dev.kite.cli.feature;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kite feature list}. */
@Command(name = "list", aliases = "ls", description = "List all features.")
final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private HelpOption help = new HelpOption();

    @Mixin
    private Connection connection = new Connection();

    @Option(
            names = {"-o", "--output"},
            description = "One of ${COMPLETION-CANDIDATES}",
            defaultValue = "table")
    private Output output = Output.table;

    ListCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        spec.commandLine().getOut().print(output.list(connection.open().list()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
