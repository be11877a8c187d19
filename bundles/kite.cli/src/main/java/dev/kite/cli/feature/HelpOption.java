package dev.kite.cli.feature;

import picocli.CommandLine.Option;

/** {@code -h}. */
final class HelpOption {
    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    HelpOption() {}
}
