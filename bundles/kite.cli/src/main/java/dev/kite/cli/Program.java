package dev.kite.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How this program was called: the same file is kite and, by that name, k3s. */
public final class Program {
    /** The commands in the order of --help, with what each does. */
    static final List<Map.Entry<String, String>> COMMANDS = List.of(
            Map.entry("server", "Run a server, which is a node too"),
            Map.entry("agent", "Run a node of a server"),
            Map.entry("kubectl", "Run kubectl against this server"),
            Map.entry("crictl", "Run crictl against this node's containerd"),
            Map.entry("ctr", "Run ctr against this node's containerd"),
            Map.entry("token", "Manage tokens for joining"),
            Map.entry("certificate", "Check this node's certificates"),
            Map.entry("check-config", "Check what this machine offers to a node"),
            Map.entry("completion", "Print or install completion for a shell"),
            Map.entry("feature", "List, show and switch the features of a running cluster"),
            Map.entry("try", "Run a server in a network of its own and leave nothing behind"),
            Map.entry("bench", "Measure API servers and this server's start"),
            Map.entry("help, h", "Show the commands, or help for one command"));

    private Program() {}

    /**
     * The program's name.
     *
     * @param environment the process's environment: the start script says there what was called
     * @return kite or k3s
     */
    public static String name(Map<String, String> environment) {
        Path called = Path.of(environment.getOrDefault("KITE_EXECUTABLE", "kite"));
        return String.valueOf(called.getFileName()).equals("k3s") ? "k3s" : "kite";
    }

    /** The lines of --version, in k3s's form. */
    static String version(String name) {
        return name + " version " + Version.KUBERNETES + " (" + Version.KITE + ")\njava version " + Runtime.version()
                + "\n";
    }

    /** The text of --help, in k3s's form. */
    static String help(String name) {
        StringBuilder text = new StringBuilder()
                .append("NAME:\n   ")
                .append(name)
                .append(" - Kubernetes, small and simple, that changes its parts while it runs\n\nUSAGE:\n   ")
                .append(name)
                .append(" [global options] command [command options]\n\nVERSION:\n   ")
                .append(Version.KUBERNETES + " (" + Version.KITE + ")")
                .append("\n\nCOMMANDS:\n");
        COMMANDS.forEach(command -> text.append(String.format("   %-14s %s%n", command.getKey(), command.getValue())));
        return text.append("\nGLOBAL OPTIONS:\n")
                .append("   --debug                     Turn on debug logs [$K3S_DEBUG]\n")
                .append("   --data-dir value, -d value  Folder to hold state [$K3S_DATA_DIR]\n")
                .append("   --help, -h                  show help\n")
                .append("   --version, -v               print the version\n")
                .toString();
    }
}
