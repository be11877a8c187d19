package dev.kite.cli.feature;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kite feature enable}. */
@Command(
        name = "enable",
        description = "Turn a feature on, or swap it for another version; ask again for what was rolled back.")
final class EnableCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private HelpOption help = new HelpOption();

    @Mixin
    private SwitchOptions options = new SwitchOptions();

    @Option(
            names = "--feature-version",
            paramLabel = "VERSION",
            description = "The version that is to run; \"\" for the newest that there is")
    private @Nullable String version;

    EnableCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        return options.run(spec, true, version);
    }
}
