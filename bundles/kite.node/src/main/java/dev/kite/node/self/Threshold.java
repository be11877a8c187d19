package dev.kite.node.self;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.GoDurations;
import dev.kite.model.Quantity;
import dev.kite.node.KubeletArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Below what the kubelet runs short.
 *
 * @param signal of what
 * @param least how much has to be there
 * @param grace for how long it may be less, nothing for a hard threshold
 * @param reclaim how much more has to be there before it is enough again
 */
record Threshold(Signal signal, Amount least, Duration grace, Amount reclaim) {
    /**
     * A number, or a part of all.
     *
     * @param number the number, null for a part
     * @param percent the part
     */
    record Amount(@Nullable Long number, double percent) {
        static final Amount NONE = new Amount(0L, 0);

        static Amount parse(String argument, String text) {
            if (!text.endsWith("%")) {
                return new Amount(KubeletArguments.quantity(argument, text).value(), 0);
            }
            String digits = text.substring(0, text.length() - 1);
            if (!digits.matches("\\d{1,3}(\\.\\d{1,6})?") || Double.parseDouble(digits) > 100) {
                throw wrong(argument, "\"" + text + "\" is no part of 100%");
            }
            return new Amount(null, Double.parseDouble(digits));
        }

        long of(long all) {
            return number == null ? (long) (all * (percent / 100)) : number;
        }
    }

    /** The hard ones and the soft ones. */
    static List<Threshold> all(ComponentArguments given) {
        List<Threshold> thresholds = new ArrayList<>();
        Map<String, String> reclaims = given.map("eviction-minimum-reclaim");
        Map<String, String> graces = given.map("eviction-soft-grace-period");
        for (String argument : List.of("eviction-hard", "eviction-soft")) {
            for (String pair : given.list(argument)) {
                int sign = pair.indexOf('<');
                String word = sign < 0 ? pair : pair.substring(0, sign).strip();
                Signal signal = signal(argument, word);
                if (sign < 0) {
                    throw wrong(argument, "\"" + pair + "\" is not of the form signal<quantity");
                }
                Amount least = Amount.parse(argument, pair.substring(sign + 1).strip());
                if (least.equals(Amount.NONE) || (least.number() == null && least.percent() == 0)) {
                    continue; // 0% and 0 turn a threshold off
                }
                String reclaim = reclaims.get(word);
                thresholds.add(new Threshold(
                        signal,
                        least,
                        argument.equals("eviction-hard") ? Duration.ZERO : grace(word, graces),
                        reclaim == null ? Amount.NONE : Amount.parse("eviction-minimum-reclaim", reclaim)));
            }
        }
        return List.copyOf(thresholds);
    }

    private static Signal signal(String argument, String word) {
        Signal signal = Signal.of(word);
        if (signal == null) {
            throw wrong(argument, "unsupported eviction signal " + word);
        }
        return signal;
    }

    private static Duration grace(String word, Map<String, String> graces) {
        String text = graces.get(word);
        if (text == null) {
            throw wrong("eviction-soft", "grace period must be specified for the soft eviction threshold " + word);
        }
        try {
            return GoDurations.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("eviction-soft-grace-period", String.valueOf(e.getMessage()));
        }
    }

    private static ArgumentException wrong(String argument, String what) {
        return new ArgumentException("--kubelet-arg: " + argument + ": " + what);
    }

    /** How much of a resource hard thresholds keep from pods. */
    static Quantity kept(List<Threshold> thresholds, Signal signal, long all) {
        return thresholds.stream()
                .filter(one -> one.signal() == signal && one.grace().isZero())
                .map(one -> Quantity.of(one.least().of(all)))
                .reduce(Quantity.ZERO, Quantity::max);
    }
}
