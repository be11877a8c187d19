package dev.kite.api.arguments;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was given to one of upstream's programs by {@code --kube-apiserver-arg} or its like: {@code name=value}, or a name alone for true; hyphens before the name
 * and underscores in it as upstream takes them. A value given twice: the last counts, lists and maps are joined. Names and forms of values were checked when
 * this was made, so the getters never fail on what a user wrote. Immutable.
 *
 * <p>A component asks with the default that it has without the argument: {@code of(APISERVER, settings.kube_apiserver_arg()).number("max-requests-inflight", 400)}.
 */
public final class ComponentArguments {
    private final Map<String, List<String>> values;

    private ComponentArguments(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads and checks what was given.
     *
     * @param component whose arguments they are
     * @param given {@code name=value} each
     * @return them
     * @throws ArgumentException if upstream has no such argument, or its value is not of the argument's form
     */
    public static ComponentArguments of(UpstreamComponent component, String... given) {
        return of(component, Map.of(), given);
    }

    /**
     * Reads and checks what was given over the values that Kite, as k3s, gives the component itself: {@code name=value} takes such a value's place,
     * {@code name+=value} comes after it and {@code name-=value} before it.
     *
     * @param component whose arguments they are
     * @param defaults values of arguments that are not given
     * @param given {@code name=value} each
     * @return them
     * @throws ArgumentException if upstream has no such argument, or its value is not of the argument's form
     */
    public static ComponentArguments of(UpstreamComponent component, Map<String, String> defaults, String... given) {
        Map<String, List<String>> read = new LinkedHashMap<>();
        if (given.length > 0) {
            ArgumentTable table = ArgumentTable.of(component);
            for (String one : given) {
                add(component, table, defaults, read, one);
            }
        }
        defaults.forEach((name, value) -> read.putIfAbsent(name, List.of(value)));
        return new ComponentArguments(read);
    }

    private static void add(
            UpstreamComponent component,
            ArgumentTable table,
            Map<String, String> defaults,
            Map<String, List<String>> read,
            String given) {
        int equals = given.indexOf('=');
        String spelt = name(equals < 0 ? given : given.substring(0, equals));
        String value = equals < 0 ? "true" : given.substring(equals + 1);
        boolean before = spelt.endsWith("-");
        boolean beside = before || spelt.endsWith("+");
        String name = beside ? spelt.substring(0, spelt.length() - 1) : spelt;
        check(component, table, name, value);
        List<String> values = read.computeIfAbsent(
                name,
                key -> beside && defaults.containsKey(key)
                        ? new ArrayList<>(List.of(defaults.get(key)))
                        : new ArrayList<>());
        values.add(before ? 0 : values.size(), value);
    }

    private static String name(String given) {
        int start = 0;
        while (start < given.length() && given.charAt(start) == '-') {
            start++;
        }
        return given.substring(start).strip().replace('_', '-');
    }

    private static void check(UpstreamComponent component, ArgumentTable table, String name, String value) {
        Argument argument = table.find(name);
        if (argument == null) {
            String nearest = table.nearest(name);
            throw new ArgumentException("--" + component.program() + "-arg: unknown flag: --" + name
                    + (nearest == null ? "" : "; did you mean " + nearest + "?"));
        }
        try {
            Values.check(argument.form(), value);
            if (component == UpstreamComponent.APISERVER && name.equals("feature-gates")) {
                FeatureGate.check(value);
            }
            if (!argument.bounds().isEmpty()) {
                Bounds.parse(argument.bounds()).check(argument.form(), value);
            }
        } catch (IllegalArgumentException e) {
            throw new ArgumentException("--" + component.program() + "-arg: invalid argument \"" + value + "\" for \"--"
                    + name + "\" flag: " + e.getMessage());
        }
    }

    /** @return the names that were given, in their order */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /**
     * Whether it was given at all.
     *
     * @param name an argument's name
     * @return true if so, with whatever value
     */
    public boolean given(String name) {
        return values.containsKey(name);
    }

    /**
     * Its text.
     *
     * @param name an argument's name
     * @return the last value that was given, empty where none was or it is empty
     */
    public Optional<String> text(String name) {
        List<String> given = values.get(name);
        return given == null || given.getLast().isEmpty() ? Optional.empty() : Optional.of(given.getLast());
    }

    /**
     * Its text.
     *
     * @param name an argument's name
     * @param otherwise where it was not given
     * @return the last value that was given
     */
    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    /**
     * All that was given, for arguments that are repeated and whose values are never split at commas.
     *
     * @param name an argument's name
     * @return the values in their order, empty ones too
     */
    public List<String> values(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /**
     * Its words.
     *
     * @param name a list's name
     * @return all that were given, empty where none was
     */
    public List<String> list(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /**
     * Its pairs.
     *
     * @param name a map's name
     * @return all that were given, in their order; the later of two with one key; a key without {@code =} has an empty value
     */
    public Map<String, String> map(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : list(name)) {
            int equals = pair.indexOf('=');
            pairs.put(
                    equals < 0 ? pair : pair.substring(0, equals).strip(),
                    equals < 0 ? "" : pair.substring(equals + 1).strip());
        }
        return pairs;
    }

    /**
     * Whether it is on.
     *
     * @param name a flag's name
     * @param otherwise where it was not given
     * @return true if on
     */
    public boolean flag(String name, boolean otherwise) {
        return text(name).map(Values::flag).orElse(otherwise);
    }

    /**
     * Its number.
     *
     * @param name a number's name
     * @param otherwise where it was not given
     * @return the number
     */
    public long number(String name, long otherwise) {
        return text(name).map(Long::parseLong).orElse(otherwise);
    }

    /**
     * Its number.
     *
     * @param name a decimal's name
     * @param otherwise where it was not given
     * @return the number
     */
    public double decimal(String name, double otherwise) {
        return text(name).map(Double::parseDouble).orElse(otherwise);
    }

    /**
     * How long.
     *
     * @param name a duration's name
     * @param otherwise where it was not given
     * @return the duration
     */
    public Duration duration(String name, Duration otherwise) {
        return text(name).map(GoDurations::parse).orElse(Objects.requireNonNull(otherwise));
    }
}
