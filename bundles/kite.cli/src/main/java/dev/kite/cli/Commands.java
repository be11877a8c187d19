package dev.kite.cli;

import dev.kite.cli.completion.CompletionCommand;
import dev.kite.cli.settings.EditDistance;
import dev.kite.cli.settings.FlagTable;
import dev.kite.cli.settings.ServerHelp;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Runs the commands that don't start a server. Exit codes: 0 done, 1 failed with one line that says what to do, 2 wrong usage. */
public final class Commands {
    private static final Set<String> HELP = Set.of("help", "h", "--help", "-h", "-help");
    private static final Set<String> VERSION = Set.of("--version", "-v", "-version");

    private Commands() {}

    /**
     * Runs a command.
     *
     * @param arguments the command and its arguments
     * @return the exit code
     */
    public static int run(List<String> arguments) {
        return run(arguments, System.getenv(), System.out, System.err);
    }

    static int run(List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        String name = Program.name(environment);
        Globals globals = Globals.parse(arguments);
        List<String> rest = globals.rest();
        String command = rest.isEmpty() ? "help" : rest.getFirst();
        if (VERSION.contains(command)) {
            out.print(Program.version(name));
            return 0;
        }
        if (HELP.contains(command)) {
            return help(name, rest, out, err);
        }
        CommandLine line = commandLine(name);
        if (!line.getSubcommands().containsKey(command)) {
            return unknown(command, line.getSubcommands().keySet(), err);
        }
        line.setDefaultValueProvider(argument ->
                argument instanceof OptionSpec option && option.longestName().equals("--data-dir")
                        ? globals.dataDir()
                        : null);
        return execute(line, rest, out, err);
    }

    private static CommandLine commandLine(String name) {
        CommandLine line = new CommandLine(new KiteCommand());
        line.setCommandName(name);
        return line;
    }

    private static int execute(CommandLine line, List<String> words, PrintStream out, PrintStream err) {
        PrintWriter writer = new PrintWriter(out, true, StandardCharsets.UTF_8);
        line.setOut(writer);
        line.setExecutionExceptionHandler((failure, _, _) -> {
            err.println("kite: " + failure.getMessage());
            return 1;
        });
        line.setParameterExceptionHandler((failure, _) -> {
            String of = failure.getCommandLine().getCommandSpec().qualifiedName();
            err.println("kite: " + failure.getMessage() + "; see " + of + " --help");
            return 2;
        });
        int code = line.execute(words.toArray(String[]::new));
        writer.flush();
        return code;
    }

    private static int help(String name, List<String> words, PrintStream out, PrintStream err) {
        String topic = words.size() < 2 ? null : words.get(1);
        if (topic == null) {
            out.print(Program.help(name));
            return 0;
        }
        @Nullable FlagTable flags = flags(topic);
        if (flags != null) {
            out.print(ServerHelp.render(name + " " + topic, flags));
            return 0;
        }
        CommandLine line = commandLine(name);
        CommandLine found = line.getSubcommands().get(topic);
        if (found == null) {
            return unknown(topic, line.getSubcommands().keySet(), err);
        }
        found.usage(out);
        return 0;
    }

    private static @Nullable FlagTable flags(String command) {
        return switch (command) {
            case "server" -> FlagTable.server();
            case "agent" -> FlagTable.agent();
            default -> null;
        };
    }

    private static int unknown(String command, Collection<String> commands, PrintStream err) {
        Set<String> known = new TreeSet<>(commands);
        known.addAll(CompletionCommand.OUTSIDE);
        String nearest = EditDistance.nearest(command, known);
        err.println("kite: unknown command \"" + command + "\""
                + (nearest == null ? "" : "; did you mean " + nearest + "?") + "; see --help");
        return 2;
    }
}
