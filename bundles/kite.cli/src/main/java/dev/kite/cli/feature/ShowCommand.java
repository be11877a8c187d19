package dev.kite.cli.feature;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kite feature show}. */
@Command(name = "show", description = "Show one feature, and why it is not as asked for.")
final class ShowCommand implements Callable<Integer> {
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

    @Parameters(paramLabel = "NAME", description = "The feature")
    private String name = "";

    ShowCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Names.checked(spec, name);
        spec.commandLine().getOut().print(output.one(new Switch(connection.open()).required(name)));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
