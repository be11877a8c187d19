package dev.kite.cli.settings;

import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.Flag;
import dev.kite.api.config.ServerSettings;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flags of a command, read from the settings' annotations: they are declared there and nowhere else. Immutable. */
public final class FlagTable {
    private final Map<String, FlagSpecification> byName;
    private final Map<String, FlagSpecification> byAlias;

    private FlagTable(Map<String, FlagSpecification> byName) {
        this.byName = Map.copyOf(byName);
        Map<String, FlagSpecification> aliases = new LinkedHashMap<>();
        byName.values().stream()
                .filter(flag -> !flag.alias().isEmpty())
                .forEach(flag -> aliases.put(flag.alias(), flag));
        this.byAlias = Map.copyOf(aliases);
    }

    /** @return the flags of {@code kite server}: an agent's and a server's */
    public static FlagTable server() {
        return of(List.of(ServerSettings.class, AgentSettings.class));
    }

    /** @return the flags of {@code kite agent} */
    public static FlagTable agent() {
        return of(List.of(AgentSettings.class));
    }

    private static FlagTable of(List<Class<? extends Annotation>> types) {
        Map<String, FlagSpecification> flags = new LinkedHashMap<>();
        for (Class<?> type : types) {
            List<Method> methods = new ArrayList<>(List.of(type.getDeclaredMethods()));
            methods.sort(Comparator.comparing(Method::getName));
            for (Method method : methods) {
                Flag flag = method.getAnnotation(Flag.class);
                if (flag != null) {
                    FlagSpecification specification = FlagSpecification.of(method, flag);
                    flags.putIfAbsent(specification.name(), specification);
                }
            }
        }
        return new FlagTable(flags);
    }

    /**
     * Finds a flag.
     *
     * @param name its name or alias without hyphens
     * @return the flag, or null
     */
    public @Nullable FlagSpecification find(String name) {
        FlagSpecification found = byName.get(name);
        return found != null ? found : byAlias.get(name);
    }

    /** @return all flags by group and name */
    public Collection<FlagSpecification> all() {
        return byName.values().stream()
                .sorted(Comparator.comparing(FlagSpecification::group).thenComparing(FlagSpecification::name))
                .toList();
    }

    /**
     * Finds what was probably meant.
     *
     * @param name an unknown name
     * @return the nearest flag's name, or null where none is near
     */
    public @Nullable String nearest(String name) {
        return EditDistance.nearest(name, byName.keySet());
    }
}
