package dev.kite.cli.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of one start of a server or agent: read from all sources, checked against each other, with warnings for what is ignored. */
public final class StartSettings {
    /** Kubernetes' components write debug logs from this verbosity on. */
    private static final int DEBUG_VERBOSITY = 4;

    private StartSettings() {}

    /**
     * Reads.
     *
     * @param command server or agent
     * @param environment the process's environment
     * @param arguments the command line after the command
     * @return what was set, and what to warn of
     * @throws UsageException if a flag is unknown, a value wrong or a combination impossible
     */
    public static SettingsReader.Result read(String command, Map<String, String> environment, List<String> arguments)
            throws UsageException {
        FlagTable flags = command.equals("agent") ? FlagTable.agent() : FlagTable.server();
        SettingsReader.Result read = new SettingsReader(flags, environment).read(arguments);
        Map<String, Object> values = new TreeMap<>(read.values());
        new SettingsRules(command, values).check();
        values.putIfAbsent(
                "data.dir",
                DataDirectory.byDefault(DataDirectory.isRoot(), environment).toString());
        if (values.get("v") instanceof Integer verbosity && verbosity >= DEBUG_VERBOSITY) {
            values.put("debug", true);
        }
        fromFile(values, "agent.token.file", "agent.token");
        List<String> warnings = new ArrayList<>(read.warnings());
        ComponentRules.check(values, warnings);
        IgnoredFlags.warning(values.keySet().stream()
                        .map(key -> key.replace('.', '-'))
                        .toList())
                .ifPresent(warnings::add);
        return new SettingsReader.Result(values, warnings);
    }

    private static void fromFile(Map<String, Object> values, String fileKey, String key) throws UsageException {
        Object file = values.get(fileKey);
        if (file == null || values.containsKey(key)) {
            return;
        }
        try {
            values.put(key, Files.readString(Path.of(file.toString())).strip());
        } catch (IOException e) {
            throw new UsageException("--" + fileKey.replace('.', '-') + ": cannot read " + file + " (" + e.getMessage()
                    + "); write the token there");
        }
    }
}
