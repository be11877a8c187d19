package dev.kite.cel.library;

import dev.kite.cel.eval.Call;
import dev.kite.cel.eval.CelError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All functions that are not CEL's own: Kubernetes 1.36's libraries. */
public final class Functions {
    private final Map<String, List<Function>> byName = new LinkedHashMap<>();

    /**
     * Those of an environment.
     *
     * @param mutation whether those of MutatingAdmissionPolicies are there
     */
    public Functions(boolean mutation) {
        Optionals.FUNCTIONS.forEach(this::add);
        Texts.FUNCTIONS.forEach(this::add);
        Lists.functions().forEach(this::add);
        Sets.FUNCTIONS.forEach(this::add);
        Regexes.FUNCTIONS.forEach(this::add);
        Urls.FUNCTIONS.forEach(this::add);
        Networks.FUNCTIONS.forEach(this::add);
        Quantities.FUNCTIONS.forEach(this::add);
        Versions.FUNCTIONS.forEach(this::add);
        Formats.functions().forEach(this::add);
        Authorization.FUNCTIONS.forEach(this::add);
        Comprehensions.FUNCTIONS.forEach(this::add);
        if (mutation) {
            Patches.FUNCTIONS.forEach(this::add);
        }
    }

    private void add(Function function) {
        byName.computeIfAbsent(function.name(), n -> new ArrayList<>()).add(function);
    }

    /** All, by name. */
    public Map<String, List<Function>> all() {
        return byName;
    }

    /** What a call of the checked overloads does, or null when the function is CEL's own. */
    public @Nullable Call call(String name, Collection<String> ids) {
        List<Function> candidates = byName.getOrDefault(name, List.of()).stream()
                .filter(f -> ids.contains(f.id()))
                .toList();
        if (candidates.isEmpty()) {
            return null;
        }
        return (evaluation, args) -> {
            for (Function candidate : candidates) {
                if (candidate.takes(args)) {
                    return candidate.call().apply(evaluation, args);
                }
            }
            // Upstream's regular expressions say no more.
            throw name.equals("find") || name.equals("findAll")
                    ? CelError.noOverload()
                    : CelError.noOverload(name, args);
        };
    }
}
