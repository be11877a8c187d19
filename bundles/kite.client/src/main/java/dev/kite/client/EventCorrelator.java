package dev.kite.client;

import dev.kite.api.client.EventRecorder;
import dev.kite.model.core.v1.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides what an occurrence becomes: a new Event, a higher count of a known one, or nothing. The rules and numbers are client-go's EventCorrelator's: at most 25
 * events at once and then one in five minutes about one object from one source; more than ten different messages of a kind within ten minutes become one event
 * whose message starts with "(combined from similar events): "; equal events are counted. Remembers the 4096 latest of each. One thread.
 */
final class EventCorrelator {
    private static final int REMEMBERED = 4096;
    private static final int BURST = 25;
    private static final Duration REFILL = Duration.ofMinutes(5);
    private static final int SIMILAR = 10;
    private static final Duration SIMILAR_WITHIN = Duration.ofMinutes(10);
    private static final String COMBINED = "(combined from similar events): ";

    /** Something that happened. */
    record Occurrence(
            ObjectReference about,
            EventRecorder.Type type,
            String reason,
            String message,
            String component,
            String host,
            Instant at) {}

    /** What to do about it. */
    sealed interface Decision {
        /** Nothing: there were too many. */
        record Drop() implements Decision {}

        /**
         * Store a new Event.
         *
         * @param key what {@link #created} is told its name by
         * @param message its message
         */
        record Create(Object key, String message) implements Decision {}

        /**
         * Raise a known Event's count.
         *
         * @param key what {@link #forget} is told if it is gone
         * @param name the Event's name
         * @param count the new count
         * @param message its message
         */
        record Count(Object key, String name, int count, String message) implements Decision {}
    }

    private record Source(ObjectReference about, String component, String host) {}

    private record Similar(Source source, EventRecorder.Type type, String reason) {}

    private record Same(Similar similar, String message) {}

    private static final class Bucket {
        double tokens = BURST;
        Instant at;

        Bucket(Instant at) {
            this.at = at;
        }

        boolean take(Instant now) {
            double refilled = (double) Duration.between(at, now).toMillis() / REFILL.toMillis();
            tokens = Math.min(BURST, tokens + Math.max(0, refilled));
            at = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    private static final class Messages {
        final Set<String> seen = new HashSet<>();
        Instant last;

        Messages(Instant last) {
            this.last = last;
        }
    }

    private static final class Known {
        String name = "";
        int count;
    }

    private static final class Latest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        Latest() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED;
        }

        V of(K key, Function<K, V> make) {
            V known = get(key);
            if (known == null) {
                known = make.apply(key);
                put(key, known);
            }
            return known;
        }
    }

    private final Latest<Source, Bucket> buckets = new Latest<>();
    private final Latest<Similar, Messages> similar = new Latest<>();
    private final Latest<Object, Known> known = new Latest<>();

    /**
     * Decides.
     *
     * @param occurrence what happened
     * @return what to do
     */
    Decision decide(Occurrence occurrence) {
        Source source = new Source(occurrence.about(), occurrence.component(), occurrence.host());
        if (!buckets.of(source, _ -> new Bucket(occurrence.at())).take(occurrence.at())) {
            return new Decision.Drop();
        }
        Similar kind = new Similar(source, occurrence.type(), occurrence.reason());
        Messages messages = similar.of(kind, _ -> new Messages(occurrence.at()));
        if (Duration.between(messages.last, occurrence.at()).compareTo(SIMILAR_WITHIN) > 0) {
            messages.seen.clear();
        }
        messages.last = occurrence.at();
        messages.seen.add(occurrence.message());
        boolean combined = messages.seen.size() > SIMILAR;
        // A combined event is one event whatever its message.
        Object key = combined ? kind : new Same(kind, occurrence.message());
        String message = combined ? COMBINED + occurrence.message() : occurrence.message();
        Known event = known.of(key, _ -> new Known());
        event.count++;
        return event.name.isEmpty()
                ? new Decision.Create(key, message)
                : new Decision.Count(key, event.name, event.count, message);
    }

    /**
     * Learns the name of a stored Event.
     *
     * @param key from the decision
     * @param name the Event's name
     */
    void created(Object key, String name) {
        Known event = known.get(key);
        if (event != null) {
            event.name = name;
        }
    }

    /**
     * Forgets an Event that is gone: the next occurrence makes a new one.
     *
     * @param key from the decision
     */
    void forget(Object key) {
        known.remove(key);
    }
}
