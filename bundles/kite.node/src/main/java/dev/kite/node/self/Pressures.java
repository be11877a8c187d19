package dev.kite.node.self;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Of what this node runs short, by its thresholds: from when less is there than a threshold says (for longer than its grace) until what is to be reclaimed is there too; and said in the Node for
 * some time afterwards. Used by one thread.
 */
final class Pressures {
    /**
     * What was measured.
     *
     * @param available how much is there
     * @param all how much there could be
     */
    record Reading(long available, long all) {}

    private final List<Threshold> thresholds;
    private final Duration transition;
    private final Map<Threshold, Instant> since = new HashMap<>();
    private final Set<Threshold> lacking = new HashSet<>();
    private final Map<String, Instant> seen = new HashMap<>();

    /**
     * @param transition how long a condition is still said
     */
    Pressures(List<Threshold> thresholds, Duration transition) {
        this.thresholds = thresholds;
        this.transition = transition;
    }

    /** Notes what was measured, tells what is short now, with how much is wanted and there. */
    @Nullable
    Shortage note(Map<Signal, Reading> readings, Instant now) {
        Map<Signal, Shortage> found = new EnumMap<>(Signal.class);
        for (Threshold threshold : thresholds) {
            Reading reading = readings.get(threshold.signal());
            if (reading == null || reading.all() == 0) {
                continue;
            }
            long least = threshold.least().of(reading.all());
            long enough = least + threshold.reclaim().of(reading.all());
            if (reading.available() >= (lacking.contains(threshold) ? enough : least)) {
                since.remove(threshold);
                lacking.remove(threshold);
                continue;
            }
            Instant began = since.computeIfAbsent(threshold, _ -> now);
            if (!now.isBefore(began.plus(threshold.grace()))) {
                lacking.add(threshold);
                seen.put(threshold.signal().condition(), now);
                found.putIfAbsent(threshold.signal(), new Shortage(threshold.signal(), least, reading.available()));
            }
        }
        return found.values().stream().findFirst().orElse(null);
    }

    /**
     * Something that is short.
     *
     * @param signal what
     * @param least how much has to be there
     * @param available how much is
     */
    record Shortage(Signal signal, long least, long available) {}

    /** Whether the Node says a condition. */
    boolean says(String condition, Instant now) {
        Instant last = seen.get(condition);
        return last != null && now.isBefore(last.plus(transition));
    }
}
