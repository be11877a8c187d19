package dev.kite.apiserver.policy;

import dev.kite.cel.CelBudget;
import dev.kite.cel.CelLimits;
import java.time.Duration;

/** What the expressions of one request may cost and how long they may take: upstream's budgets, and the time after which it ends a write. Of one thread. */
final class Budgets {
    private static final Duration MOST = Duration.ofSeconds(34);

    private final long start = System.nanoTime();

    /** For the conditions of one webhook or policy with one parameter. */
    CelBudget conditions() {
        return within(CelLimits.MATCH_CONDITIONS_BUDGET);
    }

    /** For the expressions of one policy with one parameter. */
    CelBudget expressions() {
        return within(CelLimits.REQUEST_BUDGET);
    }

    private CelBudget within(long cost) {
        Duration left = MOST.minusNanos(System.nanoTime() - start);
        return CelBudget.of(cost).within(left.isNegative() ? Duration.ZERO : left);
    }

    /** Whether there is no time left for another policy. */
    boolean late() {
        return System.nanoTime() - start > MOST.toNanos();
    }
}
