package dev.kite.api.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The arguments of one of Kubernetes' components as k3s passes them on with {@code --kube-apiserver-arg} and its like: {@code name=value} each, with or
 * without dashes before the name, {@code name} alone for a flag that is on. Of an argument that is given several times the last counts, as in upstream's
 * flags, unless all are asked for. Immutable.
 */
@ProviderType
public final class ComponentArguments {
    private final Map<String, List<String>> values;

    private ComponentArguments(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads arguments.
     *
     * @param arguments the arguments, for example {@code audit-log-maxage=30}
     * @return what they say
     */
    public static ComponentArguments of(String... arguments) {
        return of(Map.of(), arguments);
    }

    /**
     * Reads arguments over defaults. As in k3s {@code name=value} takes a default's place, {@code name+=value} comes after it and {@code name-=value}
     * before it.
     *
     * @param defaults values of arguments that are not given
     * @param arguments the arguments
     * @return what they say together
     */
    public static ComponentArguments of(Map<String, String> defaults, String... arguments) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = equals < 0 ? "true" : argument.substring(equals + 1);
            // Upstream's flags take an underscore for a dash.
            String plain = name.strip().replaceFirst("^--?", "").replace('_', '-');
            String bare = plain.replaceFirst("[-+]$", "");
            boolean first = !values.containsKey(bare);
            List<String> all = values.computeIfAbsent(bare, _ -> new ArrayList<>());
            if (first && !plain.equals(bare) && defaults.containsKey(bare)) {
                all.add(defaults.get(bare));
            }
            all.add(plain.endsWith("-") ? 0 : all.size(), value);
        }
        defaults.forEach((name, value) -> values.putIfAbsent(name, List.of(value)));
        return new ComponentArguments(values);
    }

    /** @return the names that are given or have a default */
    public Set<String> names() {
        return Set.copyOf(values.keySet());
    }

    /**
     * Tells whether an argument is given or has a default.
     *
     * @param name its name without dashes before it
     * @return whether it is
     */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * Reads a value.
     *
     * @param name the argument's name
     * @return the last value that is given, empty if none is
     */
    public Optional<String> value(String name) {
        List<String> all = values.get(name);
        return all == null ? Optional.empty() : Optional.of(all.getLast());
    }

    /**
     * Reads a value that has a default.
     *
     * @param name the argument's name
     * @param absent the value where none is given
     * @return the value
     */
    public String value(String name, String absent) {
        return value(name).orElse(absent);
    }

    /**
     * Reads all values.
     *
     * @param name the argument's name
     * @return the values in the order in which they are given
     */
    public List<String> values(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /**
     * Reads a list: values that are given together with commas, one by one, or both.
     *
     * @param name the argument's name
     * @return the elements, without empty ones
     */
    public List<String> list(String name) {
        return values(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /**
     * Reads a flag.
     *
     * @param name the argument's name
     * @param absent the flag where it is not given
     * @return the flag
     * @throws IllegalArgumentException if its value is neither true nor false
     */
    public boolean flag(String name, boolean absent) {
        String value = value(name).orElse(null);
        if (value == null) {
            return absent;
        }
        return switch (value) {
            case "true", "True", "TRUE", "t", "T", "1" -> true;
            case "false", "False", "FALSE", "f", "F", "0" -> false;
            default -> throw new IllegalArgumentException(name + ": \"" + value + "\" is neither true nor false");
        };
    }

    /**
     * Reads an integer.
     *
     * @param name the argument's name
     * @param absent the number where it is not given
     * @return the number
     * @throws IllegalArgumentException if its value is no integer
     */
    public long number(String name, long absent) {
        String value = value(name).orElse(null);
        if (value == null) {
            return absent;
        }
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": \"" + value + "\" is no whole number", e);
        }
    }
}
