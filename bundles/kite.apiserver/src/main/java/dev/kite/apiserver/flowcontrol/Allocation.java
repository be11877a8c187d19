package dev.kite.apiserver.flowcontrol;

import java.util.List;

/**
 * Divides seats among those who could use them: each gets the same multiple of what it aims at, within its bounds, so that all add up. Stateless.
 */
final class Allocation {
    /** An aim of nothing would never get anything. */
    private static final double LEAST = 0.001;

    /** Halvings until what is left of the interval makes no part of a seat. */
    private static final int ROUNDS = 100;

    private Allocation() {}

    /**
     * One of those who want seats.
     *
     * @param target what it aims at, not below {@code low}
     * @param low what it gets at least
     * @param high what it gets at most
     */
    record Want(double target, double low, double high) {
        double at(double multiple) {
            return Math.max(low, Math.min(high, multiple * Math.max(target, LEAST)));
        }
    }

    /**
     * What each gets.
     *
     * @param parts in the order of the wants
     * @param multiple of its aim, where its bounds allow it
     */
    record Division(double[] parts, double multiple) {}

    /**
     * Divides.
     *
     * @param sum how many seats there are
     * @param wants who wants them; what they get at least must not be more than there is
     * @return what each gets; together the sum, or less where nobody may have more
     */
    static Division divide(int sum, List<Want> wants) {
        double low = 0;
        double high = 1;
        for (Want want : wants) {
            high = Math.max(high, want.high() / Math.max(want.target(), LEAST));
        }
        // What all get grows with the multiple and never jumps: halving finds the one at which they get the sum.
        for (int i = 0; i < ROUNDS; i++) {
            double middle = (low + high) / 2;
            if (total(wants, middle) < sum) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double multiple = high;
        return new Division(
                wants.stream().mapToDouble(want -> want.at(multiple)).toArray(), multiple);
    }

    private static double total(List<Want> wants, double multiple) {
        return wants.stream().mapToDouble(want -> want.at(multiple)).sum();
    }
}
