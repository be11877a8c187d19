package dev.kite.cli;

import java.util.List;
import picocli.CommandLine;

/** Runs the commands that don't start a server. */
public final class Commands {
    private Commands() {}

    /**
     * Runs a command.
     *
     * @param arguments the command and its arguments
     * @return the exit code
     */
    public static int run(List<String> arguments) {
        CommandLine line = new CommandLine(new KiteCommand());
        line.setExecutionExceptionHandler((failure, _, _) -> {
            System.err.println("kite: " + failure.getMessage());
            return 1;
        });
        line.setParameterExceptionHandler((failure, _) -> {
            System.err.println("kite: " + failure.getMessage() + "; see kite --help");
            return 2;
        });
        return line.execute(arguments.toArray(String[]::new));
    }
}
