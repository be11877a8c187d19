package dev.kite.cli.completion;

import dev.kite.cli.Program;
import dev.kite.cli.settings.FlagSpecification;
import dev.kite.cli.settings.FlagTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kite completion bash|zsh}: prints a script, or adds it to the shell's start file. */
@Command(name = "completion", description = "Print a completion script for bash or zsh, or install it.")
public final class CompletionCommand implements Callable<Integer> {
    /** Commands that picocli does not run: the server's and those of other programs. */
    public static final List<String> OUTSIDE = List.of("server", "agent", "kubectl", "crictl", "ctr", "help");

    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    @Option(
            names = {"-i", "--install"},
            description = "Add the completion to the shell's start file, once")
    private boolean install;

    /** The shells that k3s knows. */
    enum Shell {
        /** GNU bash. */
        bash,
        /** The Z shell. */
        zsh
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private Shell shell = Shell.bash;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** For picocli. */
    public CompletionCommand() {}

    @Override
    public Integer call() throws IOException {
        String name = Program.name(System.getenv());
        if (install) {
            Path file = startFile(Path.of(System.getProperty("user.home")));
            boolean added = install(file, name, shell.name());
            spec.commandLine()
                    .getOut()
                    .println(added ? "Added to " + file + "; start a new shell." : "It is in " + file + " already.");
        } else {
            spec.commandLine().getOut().print(script(spec.parent().commandLine(), name, shell == Shell.zsh));
        }
        return 0;
    }

    private Path startFile(Path home) {
        return home.resolve(shell == Shell.zsh ? ".zshrc" : ".bashrc");
    }

    /** Adds three lines to a shell's start file, unless they are there. */
    static boolean install(Path file, String name, String shell) throws IOException {
        String mark = "# >> " + name + " command completion (start)";
        if (Files.exists(file) && Files.readString(file).contains(mark)) {
            return false;
        }
        String lines = "\n" + mark + "\n. <(" + name + " completion " + shell + ")\n# >> " + name
                + " command completion (end)\n";
        Files.write(file, lines.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return true;
    }

    /** The script for all commands, those outside picocli among them. zsh reads bash's with its own emulation. */
    static String script(CommandLine root, String name, boolean zsh) {
        CommandLine all = new CommandLine(CommandSpec.create().name(name));
        // Aliases are listed too, but come with their command.
        root.getSubcommands().forEach((command, line) -> {
            if (command.equals(line.getCommandName())) {
                all.addSubcommand(command, new CommandLine(line.<Object>getCommand()));
            }
        });
        for (String command : OUTSIDE) {
            all.addSubcommand(command, outside(command));
        }
        String bash = AutoComplete.bash(name, all);
        return zsh ? "autoload -Uz bashcompinit compinit\ncompinit\nbashcompinit\n" + bash : bash;
    }

    private static CommandSpec outside(String command) {
        CommandSpec made = CommandSpec.create().name(command);
        List<FlagSpecification> flags = command.equals("server")
                ? List.copyOf(FlagTable.server().all())
                : command.equals("agent") ? List.copyOf(FlagTable.agent().all()) : List.of();
        for (FlagSpecification flag : flags) {
            if (!flag.hidden()) {
                boolean alone = flag.kind() == FlagSpecification.Kind.SWITCH;
                made.addOption(OptionSpec.builder("--" + flag.name())
                        .arity(alone ? "0" : "1")
                        .type(alone ? boolean.class : String.class)
                        .build());
            }
        }
        return made;
    }
}
