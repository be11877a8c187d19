package dev.kite.cli.settings;

/** Renders --help of server and agent from the flag table. */
public final class ServerHelp {
    private ServerHelp() {}

    /**
     * Renders.
     *
     * @param command server or agent
     * @param flags its flags
     * @return the text, with a line end
     */
    public static String render(String command, FlagTable flags) {
        StringBuilder text = new StringBuilder();
        text.append("Usage: kite ").append(command).append(" [flags]\n\n");
        text.append("Flags beat environment variables, which beat the configuration file.\n\n");
        text.append(
                String.format(
                        "  %-38s %s%n",
                        "--config FILE, -c FILE",
                        "(Config) Load configuration from FILE (default: \"/etc/rancher/k3s/config.yaml\") [$K3S_CONFIG_FILE]"));
        for (FlagSpecification flag : flags.all()) {
            if (!flag.hidden()) {
                text.append(line(flag));
            }
        }
        return text.toString();
    }

    private static String line(FlagSpecification flag) {
        String value = flag.kind() == FlagSpecification.Kind.SWITCH ? "" : " value";
        String names = "--" + flag.name() + value + (flag.alias().isEmpty() ? "" : ", -" + flag.alias() + value);
        boolean plain = flag.defaultValue().isEmpty() || flag.kind() == FlagSpecification.Kind.SWITCH;
        String suffix = (plain ? "" : " (default: \"" + flag.defaultValue() + "\")")
                + (flag.environment().isEmpty() ? "" : " [$" + flag.environment() + "]");
        return String.format("  %-38s (%s) %s%s%n", names, flag.group(), flag.description(), suffix);
    }
}
