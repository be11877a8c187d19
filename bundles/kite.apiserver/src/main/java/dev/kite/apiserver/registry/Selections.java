package dev.kite.apiserver.registry;

import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.ListOptions;
import dev.kite.model.selector.LabelSelectors;
import dev.kite.model.selector.Selector;
import dev.kite.model.selector.SelectorException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes selections of queries. Thread-safe. */
public final class Selections {
    private final FieldSelectors fields = new FieldSelectors();

    /**
     * Reads the selectors of a list, watch or deletecollection.
     *
     * @param resource the resource
     * @param options the query
     * @return the selection
     * @throws dev.kite.apiserver.request.StatusException 400 where a selector is wrong
     */
    public Selection of(ApiResource resource, ListOptions options) {
        List<FieldSelectors.Term> terms =
                options.fieldSelector().isEmpty() ? List.of() : fields.parse(resource, options.fieldSelector());
        return new Selection(labels(options.labelSelector()), fields.scan(resource), terms);
    }

    private static @Nullable Selector labels(String text) {
        if (text.isBlank()) {
            return null;
        }
        try {
            return LabelSelectors.parse(text);
        } catch (SelectorException e) {
            throw Errors.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
