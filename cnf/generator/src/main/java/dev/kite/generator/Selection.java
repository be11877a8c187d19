package dev.kite.generator;

import java.util.Set;
import java.util.TreeSet;

/**
 * Which types become classes. A beta kind that its group's v1 serves too stays in the table only: nothing written in Java
 * needs two classes for one resource, and a fifth of the jar is saved.
 */
final class Selection {
    private final Api api;
    private final Set<String> selected = new TreeSet<>();

    private Selection(Api api) {
        this.api = api;
    }

    static Set<String> of(Api api) {
        Selection selection = new Selection(api);
        for (Api.Type type : api.types().values()) {
            boolean beta = type.groupVersion().contains("beta");
            if (!beta || (type.topLevel() && !selection.hasStableTwin(type))) {
                selection.add(type);
            }
        }
        return selection.selected;
    }

    private boolean hasStableTwin(Api.Type type) {
        return api.types().containsKey(type.name().replaceFirst("\\.v1beta\\d\\.", ".v1."));
    }

    private void add(Api.Type type) {
        if (selected.add(type.name())) {
            for (Api.Field field : type.fields()) {
                Api.Type ref = field.ref() == null ? null : api.types().get(field.ref());
                if (ref != null) {
                    add(ref);
                }
            }
        }
    }
}
