package dev.kite.cel;

import java.time.Duration;

/** What evaluations may spend together, and each alone. One request's; not for use by two threads at once. */
public final class CelBudget {
    private final long perCall;
    private final long deadline;
    private long remaining;

    private CelBudget(long total, long perCall, long deadline) {
        this.remaining = total;
        this.perCall = perCall;
        this.deadline = deadline;
    }

    /** A budget of so many cost units, with Kubernetes' limit per evaluation and no deadline. */
    public static CelBudget of(long total) {
        return of(total, CelLimits.PER_CALL);
    }

    /** A budget with a limit per evaluation. */
    public static CelBudget of(long total, long perCall) {
        return new CelBudget(total, perCall, Long.MAX_VALUE);
    }

    /** One with this limit and what is left of this budget, whose evaluations end when this time has passed from now. */
    public CelBudget within(Duration time) {
        return new CelBudget(remaining, perCall, System.nanoTime() + Math.min(time.toNanos(), Long.MAX_VALUE / 4));
    }

    /** Cost units that are left; never negative. */
    public long remaining() {
        return remaining;
    }

    /** What one evaluation may cost. */
    public long perCall() {
        return perCall;
    }

    /** Takes what was spent elsewhere. */
    public void spend(long cost) {
        remaining = Math.max(0, remaining - cost);
    }

    /** Whether the deadline has passed. */
    public boolean isLate() {
        return deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0;
    }
}
