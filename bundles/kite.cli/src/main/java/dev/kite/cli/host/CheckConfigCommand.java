package dev.kite.cli.host;

import dev.kite.cli.settings.DataDirectory;
import dev.kite.cli.settings.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kite check-config}: what a node needs and whether this machine has it. Ends with 1 where something necessary is missing. */
@Command(name = "check-config", description = "Check what this machine offers to a node.")
public final class CheckConfigCommand implements Callable<Integer> {
    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    @Option(
            names = {"-d", "--data-dir"},
            paramLabel = "FOLDER",
            description = "Folder of state [K3S_DATA_DIR]")
    private @Nullable String dataDir;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** For picocli. */
    public CheckConfigCommand() {}

    @Override
    public Integer call() throws IOException, UsageException {
        Path data = DataDirectory.of(dataDir, System.getenv());
        Set<String> fileSystems = Files.readAllLines(Path.of("/proc/filesystems")).stream()
                .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                .collect(Collectors.toSet());
        Set<String> present = new TreeSet<>();
        for (String file : ConfigCheck.KERNEL_FILES) {
            if (Files.exists(Path.of(file))) {
                present.add(file);
            }
        }
        List<ConfigCheck.Finding> findings = ConfigCheck.of(Machine.here(data, System.getenv()), fileSystems, present);
        spec.commandLine().getOut().print(ConfigCheck.render(findings));
        spec.commandLine().getOut().flush();
        return ConfigCheck.passes(findings) ? 0 : 1;
    }
}
