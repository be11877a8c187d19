package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What rules that change an object remember of one write, so that those which asked for it see it again after others changed it: at most once, in a second
 * round of all rules (reinvocationPolicy IfNeeded). Belongs to one write and thread.
 */
public final class Rounds {
    private final Map<String, Asked> plugins = new HashMap<>();
    private boolean second;
    private boolean wanted;

    /** What one rule, with many webhooks or policies, remembers. */
    public static final class Asked {
        private final Set<String> askable = new HashSet<>();
        private final Set<String> again = new HashSet<>();
        private @Nullable JsonNode left;

        /**
         * Remembers one that may be asked again.
         *
         * @param id the webhook or policy
         */
        public void mayAskAgain(String id) {
            askable.add(id);
        }

        /** Those that may be asked again and were asked are to be: another changed the object after them. */
        public void changed() {
            again.addAll(askable);
            askable.clear();
        }

        /**
         * Tells whether to ask in the second round.
         *
         * @param id the webhook or policy
         * @return whether something changed since it was asked
         */
        public boolean askAgain(String id) {
            return again.contains(id);
        }

        /**
         * Notes that the rule begins; in a second round, whether others changed what it had left.
         *
         * @param object the object, null for none
         * @param second whether it is the second round
         */
        public void begin(@Nullable JsonNode object, boolean second) {
            if (second && !java.util.Objects.equals(left, object)) {
                changed();
            }
        }

        /**
         * Notes what the rule leaves.
         *
         * @param object the object, null for none
         */
        public void end(@Nullable JsonNode object) {
            left = object == null ? null : object.deepCopy();
        }
    }

    /** A write that has not been seen yet. */
    public Rounds() {}

    /**
     * What a rule remembers.
     *
     * @param rule its name
     * @return its memory
     */
    public Asked of(String rule) {
        return plugins.computeIfAbsent(rule, _ -> new Asked());
    }

    /** @return whether this is the second round */
    public boolean second() {
        return second;
    }

    /** Wants a second round. */
    public void want() {
        wanted = true;
    }

    /** Begins the second round, if one is wanted. */
    boolean begin() {
        if (wanted && !second) {
            second = true;
            return true;
        }
        return false;
    }
}
