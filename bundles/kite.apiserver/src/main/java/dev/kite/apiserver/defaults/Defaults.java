package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;

/** Fills in what a user left out, as Kubernetes does. Stateless and thread safe; unknown kinds are left as they are. */
public final class Defaults {
    private static final Map<String, Consumer<ObjectNode>> KINDS = Map.ofEntries();

    private Defaults() {}

    /**
     * Applies the defaults of a kind, in place. Values that are there stay, whatever their type; calling it twice changes nothing more.
     *
     * @param group the API group, empty for core
     * @param version the version, for example {@code v1}
     * @param kind the kind
     * @param object the object
     */
    public static void apply(String group, String version, String kind, ObjectNode object) {
        Consumer<ObjectNode> defaults = KINDS.get(group.isEmpty() ? kind : kind + "." + group);
        if (defaults != null) {
            defaults.accept(object);
        }
    }
}
