package dev.kite.cel.eval;

import dev.kite.cel.CelType;
import org.jspecify.annotations.Nullable;

/** A bound value that no expression has read yet. */
record Pending(@Nullable Object value, CelType type) {
    /** Adapts it and keeps the outcome in its slot, a failure too. */
    Object get(Evaluation e, int slot) {
        try {
            Object adapted = Adapter.adapt(value, type);
            e.slot(slot, adapted);
            return adapted;
        } catch (CelError error) {
            e.slot(slot, error);
            throw error;
        }
    }
}
