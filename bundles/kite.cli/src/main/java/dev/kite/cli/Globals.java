package dev.kite.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the command, as in {@code kite --debug --data-dir /data server}.
 *
 * @param debug --debug
 * @param dataDir --data-dir or -d, or null
 * @param rest the command and its arguments
 */
public record Globals(boolean debug, @Nullable String dataDir, List<String> rest) {
    private static final Set<String> DATA = Set.of("--data-dir", "-data-dir", "-d");

    /** Copies the arguments. */
    public Globals {
        rest = List.copyOf(rest);
    }

    /**
     * Reads a command line.
     *
     * @param arguments the whole of it
     * @return its global options and the rest
     */
    public static Globals parse(List<String> arguments) {
        boolean debug = false;
        String data = null;
        int at = 0;
        while (at < arguments.size()) {
            String argument = arguments.get(at);
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (name.equals("--debug")) {
                debug = equals < 0 || !argument.endsWith("=false");
            } else if (DATA.contains(name) && equals > 0) {
                data = argument.substring(equals + 1);
            } else if (DATA.contains(name) && at + 1 < arguments.size()) {
                data = arguments.get(++at);
            } else {
                break;
            }
            at++;
        }
        return new Globals(debug, data, arguments.subList(at, arguments.size()));
    }

    /** @return the arguments after the command, with the global options as the command's own before them */
    public List<String> forCommand() {
        List<String> all = new ArrayList<>();
        if (debug) {
            all.add("--debug");
        }
        if (dataDir != null) {
            all.add("--data-dir=" + dataDir);
        }
        if (!rest.isEmpty()) {
            all.addAll(rest.subList(1, rest.size()));
        }
        return all;
    }
}
