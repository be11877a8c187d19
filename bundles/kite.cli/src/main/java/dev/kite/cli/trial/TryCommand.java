package dev.kite.cli.trial;

import java.io.Console;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kite try}. */
@Command(
        name = "try",
        description =
                "Run a server in a network namespace of its own, usable from this machine, and leave nothing behind.",
        footer = {
            "",
            "Without a command it runs until Ctrl-C. With one (kite try -- kubectl get nodes) it runs that with KUBECONFIG set, and ends."
        },
        showDefaultValues = true)
public final class TryCommand implements Callable<Integer> {
    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    @Option(names = "--demo", description = "Deploy a demo and show what it does")
    private boolean demo;

    @Option(names = "--timeout", description = "Seconds to wait for the node to be ready", defaultValue = "120")
    private int timeout = 120;

    @Option(
            names = "--server-flag",
            description = "A flag for the server, as --server-flag=--disable=local-storage; repeatable",
            arity = "1")
    private List<String> serverFlags = List.of();

    @Option(names = "--keep", description = "Keep the data directory afterwards")
    private boolean keep;

    @Parameters(arity = "0..*", description = "A command to run against the server")
    private List<String> command = List.of();

    /** For picocli. */
    public TryCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Trial trial = Trial.start(serverFlags, keep)) {
            trial.awaitReady(timeout);
            trial.explain();
            if (demo) {
                int code = new Demo(trial).run();
                if (code != 0 || (command.isEmpty() && !terminal())) {
                    return code;
                }
            }
            return command.isEmpty() ? trial.awaitEnd() : trial.run(command);
        }
    }

    /** The console may still be null where the runtime image lacks its module. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean terminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
