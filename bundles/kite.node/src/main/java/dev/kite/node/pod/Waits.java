package dev.kite.node.pod;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why containers wait, by name. Confined to one pod's worker. */
final class Waits {
    /** Why, and when it is looked at again; null for no set time. */
    record Wait(String reason, String message, @Nullable Instant until) {}

    private final Map<String, Wait> waits = new HashMap<>();

    /** Returns whether the reason is a new one. */
    boolean put(String container, Wait wait) {
        Wait before = waits.put(container, wait);
        return before == null || !before.reason.equals(wait.reason);
    }

    void clear(String container) {
        waits.remove(container);
    }

    @Nullable
    Wait get(String container) {
        return waits.get(container);
    }

    @Nullable
    Instant next() {
        return waits.values().stream()
                .map(Wait::until)
                .filter(until -> until != null)
                .min(Instant::compareTo)
                .orElse(null);
    }
}
