package dev.kite.cli.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Renders --help of server and agent from the flag table. */
public final class ServerHelp {
    private static final List<String> GROUPS = List.of(
            "Config",
            "Logging",
            "Listener",
            "Data",
            "Networking",
            "Client",
            "Cluster",
            "Database",
            "Flags",
            "Components",
            "Storage",
            "Agent/Node",
            "Agent/Runtime",
            "Agent/Networking",
            "Experimental");

    private ServerHelp() {}

    /**
     * Renders.
     *
     * @param command the program and its command, as in "kite server"
     * @param flags its flags
     * @return the text, with a line end
     */
    public static String render(String command, FlagTable flags) {
        StringBuilder text = new StringBuilder();
        text.append("USAGE:\n   ").append(command).append(" [options]\n\n");
        text.append("Flags beat environment variables, which beat the configuration file.\n");
        Map<String, List<FlagSpecification>> groups = new TreeMap<>(ServerHelp::compareGroups);
        groups.put("Config", new ArrayList<>());
        for (FlagSpecification flag : flags.all()) {
            if (!flag.hidden()) {
                groups.computeIfAbsent(flag.group(), _ -> new ArrayList<>()).add(flag);
            }
        }
        groups.forEach((group, members) -> {
            text.append('\n').append(group).append(":\n");
            if (group.equals("Config")) {
                text.append(option(
                        "--config FILE, -c FILE",
                        "Load configuration from FILE (default: \"/etc/rancher/k3s/config.yaml\") [$K3S_CONFIG_FILE]"));
            }
            members.forEach(flag -> text.append(line(flag)));
        });
        return text.toString();
    }

    /** In the order of the table, others behind. */
    private static int compareGroups(String left, String right) {
        int order = Integer.compare(place(left), place(right));
        return order == 0 ? left.compareTo(right) : order;
    }

    private static int place(String group) {
        int at = GROUPS.indexOf(group);
        return at < 0 ? GROUPS.size() : at;
    }

    private static String option(String names, String description) {
        return String.format("   %-42s %s%n", names, description);
    }

    private static String line(FlagSpecification flag) {
        String value = flag.kind() == FlagSpecification.Kind.SWITCH ? "" : " value";
        String names = "--" + flag.name() + value + (flag.alias().isEmpty() ? "" : ", -" + flag.alias() + value);
        boolean plain = flag.defaultValue().isEmpty() || flag.kind() == FlagSpecification.Kind.SWITCH;
        String suffix = (plain ? "" : " (default: \"" + flag.defaultValue() + "\")")
                + (flag.environment().isEmpty() ? "" : " [$" + flag.environment() + "]");
        return option(names, flag.description() + suffix);
    }
}
