package dev.kite.cli.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings as k3s does: flags beat environment variables, which beat {@code /etc/rancher/k3s/config.yaml} and the files of {@code config.yaml.d} beside it. Only
 * what was given is in the result; defaults are the settings' own.
 */
public final class SettingsReader {
    static final String DEFAULT_CONFIG = "/etc/rancher/k3s/config.yaml";

    private final FlagTable flags;
    private final Map<String, String> environment;

    /**
     * Reads for one command.
     *
     * @param flags the command's flags
     * @param environment the process's environment
     */
    public SettingsReader(FlagTable flags, Map<String, String> environment) {
        this.flags = flags;
        this.environment = Map.copyOf(environment);
    }

    /**
     * What was set.
     *
     * @param values by configuration key: String, Integer, Boolean or List of String
     * @param warnings one line each: unknown keys of the file
     */
    public record Result(Map<String, Object> values, List<String> warnings) {}

    /**
     * Reads all sources.
     *
     * @param arguments the command line after the command
     * @return what was set
     * @throws UsageException if a flag is unknown or a value is wrong
     */
    public Result read(List<String> arguments) throws UsageException {
        List<String> warnings = new ArrayList<>();
        CommandLine line = CommandLine.parse(flags, arguments);
        Map<String, List<String>> values = fromFile(configFile(line.configFile()), warnings);
        values.putAll(fromEnvironment());
        values.putAll(line.values());
        Map<String, Object> converted = new TreeMap<>();
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            FlagSpecification flag = flags.find(entry.getKey());
            if (flag == null) {
                throw new IllegalStateException("no flag " + entry.getKey());
            }
            try {
                converted.put(flag.key(), flag.convert(entry.getValue()));
            } catch (IllegalArgumentException e) {
                throw new UsageException(String.valueOf(e.getMessage()));
            }
        }
        return new Result(converted, warnings);
    }

    private Path configFile(@Nullable String given) {
        if (given != null) {
            return Path.of(given);
        }
        return Path.of(environment.getOrDefault("K3S_CONFIG_FILE", DEFAULT_CONFIG));
    }

    private Map<String, List<String>> fromEnvironment() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (FlagSpecification flag : flags.all()) {
            String value = flag.environment().isEmpty() ? null : environment.get(flag.environment());
            if (value != null && !value.isEmpty()) {
                values.put(flag.name(), List.of(value));
            }
        }
        return values;
    }

    private Map<String, List<String>> fromFile(Path file, List<String> warnings) throws UsageException {
        Map<String, List<String>> known = new LinkedHashMap<>();
        Map<String, List<String>> read;
        try {
            read = ConfigFile.readAll(file);
        } catch (IOException e) {
            throw new UsageException("cannot read " + file + ": " + e.getMessage());
        }
        read.forEach((key, value) -> {
            FlagSpecification flag = flags.find(key);
            if (flag == null) {
                String nearest = flags.nearest(key);
                warnings.add("unknown key " + key + " in " + file + " is skipped"
                        + (nearest == null ? "" : "; did you mean " + nearest + "?"));
            } else {
                known.put(flag.name(), value);
            }
        });
        return known;
    }
}
