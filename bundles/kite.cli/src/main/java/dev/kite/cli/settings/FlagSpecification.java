package dev.kite.cli.settings;

import dev.kite.api.config.Flag;
import java.lang.reflect.Method;
import java.util.List;

/**
 * One flag.
 *
 * @param name without hyphens in front, for example {@code data-dir}
 * @param key the configuration's key, for example {@code data.dir}
 * @param kind what its values are
 * @param defaultValue the default as text, empty for none
 * @param description one line
 * @param group its group in --help
 * @param alias the short form, empty for none
 * @param environment the environment variable, empty for none
 * @param hidden whether --help leaves it out
 */
public record FlagSpecification(
        String name,
        String key,
        Kind kind,
        String defaultValue,
        String description,
        String group,
        String alias,
        String environment,
        boolean hidden) {
    /** What a flag's values are. */
    public enum Kind {
        /** One text. */
        TEXT,
        /** A whole number. */
        NUMBER,
        /** True or false; true when the flag stands alone. */
        SWITCH,
        /** Any number of texts, one a flag. */
        LIST
    }

    static FlagSpecification of(Method method, Flag flag) {
        Class<?> type = method.getReturnType();
        Kind kind = type == boolean.class
                ? Kind.SWITCH
                : type == int.class ? Kind.NUMBER : type == String[].class ? Kind.LIST : Kind.TEXT;
        return new FlagSpecification(
                method.getName().replace('_', '-'),
                method.getName().replace('_', '.'),
                kind,
                text(method.getDefaultValue()),
                flag.value(),
                flag.group(),
                flag.alias(),
                flag.environment(),
                flag.hidden());
    }

    private static String text(Object value) {
        return value instanceof String[] several ? String.join(",", several) : String.valueOf(value);
    }

    /**
     * Reads values as the flag's kind.
     *
     * @param values what was given, the last one counts where the flag takes one
     * @return a String, Integer, Boolean or List of String
     * @throws IllegalArgumentException if a value is not of the kind, with a message for people
     */
    Object convert(List<String> values) {
        String last = values.getLast();
        return switch (kind) {
            case TEXT -> last;
            case LIST -> List.copyOf(values);
            case NUMBER -> number(last);
            case SWITCH -> truth(last);
        };
    }

    private Integer number(String value) {
        try {
            return Integer.valueOf(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " takes a whole number, not \"" + value + "\"", e);
        }
    }

    private Boolean truth(String value) {
        return switch (value) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default -> throw new IllegalArgumentException("--" + name + " takes true or false, not \"" + value + "\"");
        };
    }
}
