package dev.kite.apiserver.registry;

import dev.kite.apiserver.storage.FieldScan;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.View;
import dev.kite.model.selector.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a resource's objects a list, watch or deletecollection is of. Immutable.
 *
 * @param labels the label selector, null for all
 * @param scan reads the kind's selectable fields
 * @param fields the field selector's terms, all of which must hold
 */
public record Selection(@Nullable Selector labels, FieldScan scan, List<FieldSelectors.Term> fields) {
    /** Copies the list. */
    public Selection {
        fields = List.copyOf(fields);
    }

    /** @return whether every object is selected */
    public boolean everything() {
        return labels == null && fields.isEmpty();
    }

    /**
     * Tells whether an object is selected.
     *
     * @param view the object's view
     * @return whether it is
     */
    public boolean matches(View view) {
        if (labels != null && !labels.matches(view.labels())) {
            return false;
        }
        if (fields.isEmpty()) {
            return true;
        }
        List<String> values = view.fields(scan);
        for (FieldSelectors.Term term : fields) {
            if (values.get(term.index()).equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Finds the one key that a selected object can have.
     *
     * @param resource the resource
     * @param namespace the namespace that is looked at, empty for all
     * @return the key, null where it may be another
     */
    public @Nullable String onlyKey(ApiResource resource, String namespace) {
        String name = onlyName();
        boolean one = name != null && (!resource.namespaced() || !namespace.isEmpty());
        return one && name != null ? Keys.object(resource.stored().folder(), namespace, name) : null;
    }

    private @Nullable String onlyName() {
        for (FieldSelectors.Term term : fields) {
            if (term.equal() && term.field().equals("metadata.name")) {
                return term.value();
            }
        }
        return null;
    }
}
