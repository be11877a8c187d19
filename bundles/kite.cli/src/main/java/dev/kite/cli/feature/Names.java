package dev.kite.cli.feature;

import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Names of features, which become part of a path. */
final class Names {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private Names() {}

    static String checked(CommandSpec spec, String name) {
        if (!FORM.matcher(name).matches()) {
            throw new ParameterException(spec.commandLine(), "\"" + name + "\" is no name of a feature");
        }
        return name;
    }
}
