package dev.kite.cli.feature;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kite feature disable}. */
@Command(name = "disable", description = "Turn a feature off and remove what it owns, except users' data.")
final class DisableCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private HelpOption help = new HelpOption();

    @Mixin
    private SwitchOptions options = new SwitchOptions();

    DisableCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        return options.run(spec, false, null);
    }
}
