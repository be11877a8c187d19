package dev.kite.cli.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command line's flags.
 *
 * @param configFile the value of --config, or null
 * @param values by the flag's name, in order
 */
record CommandLine(@Nullable String configFile, Map<String, List<String>> values) {
    private static final Set<String> CONFIG = Set.of("config", "c");

    static CommandLine parse(FlagTable flags, List<String> arguments) throws UsageException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String configFile = null;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-") || argument.length() < 2) {
                throw new UsageException("unexpected argument \"" + argument + "\"; flags start with --, see --help");
            }
            String body = argument.substring(argument.startsWith("--") ? 2 : 1);
            int equals = body.indexOf('=');
            String name = equals < 0 ? body : body.substring(0, equals);
            @Nullable String value = equals < 0 ? null : body.substring(equals + 1);
            FlagSpecification flag = flags.find(name);
            boolean config = CONFIG.contains(name);
            if (flag == null && !config) {
                throw unknown(flags, argument, name);
            }
            if (value == null && flag != null && flag.kind() == FlagSpecification.Kind.SWITCH) {
                value = "true";
            }
            if (value == null) {
                if (++i == arguments.size()) {
                    throw new UsageException("flag needs an argument: " + argument);
                }
                value = arguments.get(i);
            }
            if (flag == null) {
                configFile = value;
            } else {
                values.computeIfAbsent(flag.name(), _ -> new ArrayList<>(1)).add(value);
            }
        }
        return new CommandLine(configFile, values);
    }

    private static UsageException unknown(FlagTable flags, String argument, String name) {
        String nearest = flags.nearest(name);
        return new UsageException("flag provided but not defined: " + argument.split("=", 2)[0]
                + (nearest == null ? "; see --help" : "; did you mean --" + nearest + "?"));
    }
}
