package dev.kite.model.selector;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A set of requirements on labels, all of which must hold. Immutable; equal where the requirements are. */
public final class Selector {
    /** Selects all. */
    public static final Selector EVERYTHING = new Selector(List.of(), false);
    /** Selects none. */
    public static final Selector NOTHING = new Selector(List.of(), true);

    private final List<Requirement> requirements;
    private final boolean nothing;

    private Selector(List<Requirement> requirements, boolean nothing) {
        this.requirements = requirements;
        this.nothing = nothing;
    }

    /** All of these requirements. */
    public static Selector of(List<Requirement> requirements) {
        return requirements.isEmpty()
                ? EVERYTHING
                : new Selector(
                        requirements.stream()
                                .sorted(Comparator.comparing(Requirement::key))
                                .toList(),
                        false);
    }

    /** Whether labels meet all requirements. */
    public boolean matches(Map<String, String> labels) {
        if (nothing) {
            return false;
        }
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it selects all. */
    public boolean isEverything() {
        return !nothing && requirements.isEmpty();
    }

    /** Whether it can select none. */
    public boolean isNothing() {
        return nothing;
    }

    /** The requirements, by key. */
    public List<Requirement> requirements() {
        return requirements;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Selector that && nothing == that.nothing && requirements.equals(that.requirements);
    }

    @Override
    public int hashCode() {
        return requirements.hashCode() + (nothing ? 1 : 0);
    }

    /** As it is written in a query; empty for everything, and for nothing too. */
    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }
}
