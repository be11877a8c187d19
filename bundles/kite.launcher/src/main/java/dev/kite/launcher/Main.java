package dev.kite.launcher;

import dev.kite.cli.Commands;
import dev.kite.cli.Globals;
import dev.kite.cli.settings.SettingsReader;
import dev.kite.cli.settings.StartSettings;
import dev.kite.cli.settings.UsageException;
import java.util.Arrays;
import java.util.List;

/** The program's entry: {@code server} and {@code agent} start the framework, all else is a command of kite.cli. Exit codes: 0 done, 1 failed, 2 wrong usage. */
public final class Main {
    private Main() {}

    /**
     * Runs a command.
     *
     * @param arguments the command and its arguments
     */
    public static void main(String[] arguments) {
        Globals globals = Globals.parse(Arrays.asList(arguments));
        String command = globals.rest().isEmpty() ? "" : globals.rest().getFirst();
        int code = switch (command) {
            case "server", "agent" -> serve(command, globals.forCommand());
            default -> Commands.run(Arrays.asList(arguments));
        };
        System.exit(code);
    }

    private static int serve(String command, List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            return Commands.run(List.of("help", command));
        }
        try {
            SettingsReader.Result settings = StartSettings.read(command, System.getenv(), arguments);
            settings.warnings().forEach(warning -> System.err.println("kite: " + warning));
            if (Boolean.TRUE.equals(settings.values().get("debug"))) {
                LogLevels.debug();
            }
            LogLevels.file(settings.values());
            new Appliance(command, Installation.current(), settings.values()).run();
            return 0;
        } catch (UsageException e) {
            System.err.println("kite: " + e.getMessage());
            return 2;
        } catch (LaunchException e) {
            System.err.println("kite: " + e.getMessage());
            return 1;
        }
    }
}
