package dev.kite.launcher;

import dev.kite.cli.Commands;
import dev.kite.cli.settings.FlagTable;
import dev.kite.cli.settings.ServerHelp;
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
        List<String> all = Arrays.asList(arguments);
        String command = all.isEmpty() ? "" : all.getFirst();
        int code = switch (command) {
            case "server" -> serve("server", FlagTable.server(), all.subList(1, all.size()));
            case "agent" -> serve("agent", FlagTable.agent(), all.subList(1, all.size()));
            default -> Commands.run(all);
        };
        System.exit(code);
    }

    private static int serve(String command, FlagTable flags, List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(ServerHelp.render(command, flags));
            return 0;
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
