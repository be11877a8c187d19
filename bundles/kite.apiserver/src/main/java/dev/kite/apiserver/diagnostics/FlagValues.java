package dev.kite.apiserver.diagnostics;

import dev.kite.api.arguments.Argument;
import dev.kite.api.arguments.ArgumentTable;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The values of the API server's arguments: upstream's defaults from the table beside this class, then what Kite sets, then what is given. Stateless. */
public final class FlagValues {
    private FlagValues() {}

    /**
     * All values.
     *
     * @param given the arguments that are given
     * @param set what Kite sets from its own flags, by argument
     * @return each argument's value in upstream's form
     */
    public static Map<String, String> of(ComponentArguments given, Map<String, String> set) {
        Map<String, String> values = new TreeMap<>(defaults());
        set.forEach(values::replace);
        for (Argument argument : ArgumentTable.of(UpstreamComponent.APISERVER).all()) {
            if (given.given(argument.name())) {
                values.put(argument.name(), value(given, argument));
            }
        }
        return values;
    }

    private static String value(ComponentArguments given, Argument argument) {
        return switch (argument.form()) {
            case FLAG -> Boolean.toString(given.flag(argument.name(), true));
            case LIST -> "[" + String.join(",", given.list(argument.name())) + "]";
            case MAP, TEXT, NUMBER, DECIMAL, DURATION -> given.text(argument.name(), "");
        };
    }

    private static Map<String, String> defaults() {
        Map<String, String> values = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(FlagValues.class.getResourceAsStream("flags.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        int equals = line.indexOf('=');
                        values.put(line.substring(0, equals), line.substring(equals + 1));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }
}
