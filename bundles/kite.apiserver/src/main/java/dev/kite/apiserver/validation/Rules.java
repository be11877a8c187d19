package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a kind checks beside its metadata.
 *
 * @param name what its objects may be called
 * @param content what an object must be, new or changed
 * @param change what may change
 * @param status what a changed status must be
 * @param contentOnUpdate whether a changed object is checked as a new one is
 */
record Rules(
        Function<String, List<String>> name,
        Consumer<At> content,
        BiConsumer<At, At> change,
        BiConsumer<At, At> status,
        boolean contentOnUpdate) {

    static final Rules PLAIN = of(_ -> {});

    static Rules of(Consumer<At> content) {
        return new Rules(Names::dnsSubdomain, content, (_, _) -> {}, (_, _) -> {}, true);
    }

    Rules named(Function<String, List<String>> rule) {
        return new Rules(rule, content, change, status, contentOnUpdate);
    }

    Rules changing(BiConsumer<At, At> rule) {
        return new Rules(name, content, rule, status, contentOnUpdate);
    }

    Rules status(BiConsumer<At, At> rule) {
        return new Rules(name, content, change, rule, contentOnUpdate);
    }

    /** Objects that change are not checked anew: rules may have become stricter since they were made. */
    Rules onceOnly() {
        return new Rules(name, content, change, status, false);
    }
}
