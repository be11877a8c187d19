package dev.kite.api.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All arguments of one of upstream's programs, from the table beside this class: a line an argument, of name, form
 * (with a colon and its bounds where it has any), state and note. Loaded when
 * asked for, kept by nobody. Immutable.
 */
public final class ArgumentTable {
    private final Map<String, Argument> arguments;

    private ArgumentTable(Map<String, Argument> arguments) {
        this.arguments = arguments;
    }

    /**
     * Loads a table.
     *
     * @param component whose
     * @return its arguments, sorted by name
     */
    public static ArgumentTable of(UpstreamComponent component) {
        Map<String, Argument> read = new LinkedHashMap<>();
        String resource = component.program() + ".txt";
        try (InputStream in = Objects.requireNonNull(ArgumentTable.class.getResourceAsStream(resource), resource)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(ArgumentTable::argument)
                    .forEach(one -> read.put(one.name(), one));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ArgumentTable(Collections.unmodifiableMap(read));
    }

    private static Argument argument(String line) {
        String[] words = line.split(" ", 4);
        String[] form = words[1].split(":", 2);
        return new Argument(
                words[0],
                Argument.Form.valueOf(form[0].toUpperCase(Locale.ROOT)),
                form.length > 1 ? form[1] : "",
                Argument.State.valueOf(words[2].toUpperCase(Locale.ROOT)),
                words.length > 3 ? words[3] : "");
    }

    /** @return all of them, sorted by name */
    public Collection<Argument> all() {
        return arguments.values();
    }

    /**
     * Finds one.
     *
     * @param name a name
     * @return the argument, or null where upstream has none of that name
     */
    public @Nullable Argument find(String name) {
        return arguments.get(name);
    }

    /**
     * Finds what was probably meant.
     *
     * @param name an unknown name
     * @return the nearest known one, or null where none is near
     */
    public @Nullable String nearest(String name) {
        return NearestWord.of(name, arguments.keySet());
    }
}
