package dev.kite.cli.settings;

import dev.kite.api.arguments.Argument;
import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ArgumentTable;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What {@code --kube-apiserver-arg} and its like hand on: only what upstream's programs take, with a warning for what has no effect yet. Pure. */
final class ComponentRules {
    private ComponentRules() {}

    static void check(Map<String, Object> values, List<String> warnings) throws UsageException {
        for (UpstreamComponent component : UpstreamComponent.values()) {
            if (values.get(component.program().replace('-', '.') + ".arg") instanceof List<?> given) {
                String[] arguments = given.stream().map(Object::toString).toArray(String[]::new);
                try {
                    warn(component, ComponentArguments.of(component, arguments).names(), warnings);
                } catch (ArgumentException e) {
                    throw new UsageException(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private static void warn(UpstreamComponent component, List<String> names, List<String> warnings) {
        ArgumentTable table = ArgumentTable.of(component);
        List<String> missing = names.stream()
                .filter(name -> Objects.requireNonNull(table.find(name)).state() == Argument.State.MISSING)
                .toList();
        if (!missing.isEmpty()) {
            warnings.add("--" + component.program() + "-arg: " + String.join(", ", missing)
                    + (missing.size() == 1 ? " has" : " have") + " no effect in this version and "
                    + (missing.size() == 1 ? "is" : "are") + " ignored");
        }
    }
}
