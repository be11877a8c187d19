package dev.kite.cel.eval;

import dev.kite.cel.CelBudget;
import dev.kite.cel.CelCostException;
import dev.kite.cel.CelInterruptedException;
import org.jspecify.annotations.Nullable;

/** The state of one evaluation: the variables, the cost so far, its limits. One thread's. */
public final class Evaluation {
    /** Steps between looks at the interrupt and the deadline. */
    private static final int CHECK = 256;

    /** Steps of native loops at most: what cost does not count (deep equality of shared parts) ends here too; seconds. */
    private static final long MAX_STEPS = 20_000_000;

    /** Characters and bytes of text at most that one evaluation may make: ten times what cost lets it, where the types tell that it is text. */
    private static final long MAX_TEXT = 64L << 20;

    private final CelBudget budget;
    private final long limit;
    private final boolean budgetLimits;
    private final @Nullable Object[] slots;
    private long cost;
    private long steps;
    private long made;

    /** With variables' slots to fill. */
    Evaluation(CelBudget budget, int slots) {
        this.budget = budget;
        this.budgetLimits = budget.remaining() < budget.perCall();
        this.limit = Math.min(budget.perCall(), budget.remaining());
        this.slots = new Object[slots];
    }

    @Nullable
    Object slot(int index) {
        return slots[index];
    }

    void slot(int index, @Nullable Object value) {
        slots[index] = value;
    }

    /** Cost so far. */
    public long cost() {
        return cost;
    }

    /** Adds to the cost; ends the evaluation when it is too much. */
    public void spend(long units) {
        cost += units;
        if (cost > limit || cost < 0) {
            cost = cost < 0 ? Long.MAX_VALUE : cost;
            throw new Halt(new CelCostException(
                    budgetLimits
                            ? "validation failed due to running out of cost budget, no further validation rules will be run"
                            : "operation cancelled: actual cost limit exceeded",
                    budgetLimits));
        }
    }

    /** Counts text that is made; ends the evaluation when it is too much. */
    public void make(long length) {
        made += length;
        if (made > MAX_TEXT) {
            throw new Halt(new CelCostException("operation cancelled: actual cost limit exceeded", false));
        }
    }

    /** Ends the evaluation when it was interrupted or is late. */
    void check() {
        if (Thread.currentThread().isInterrupted() || budget.isLate()) {
            throw new Halt(new CelInterruptedException("operation interrupted"));
        }
    }

    /** One step of a loop; ends the evaluation when it was interrupted, is late, or has looped for too long. */
    public void step() {
        if (++steps % CHECK == 0) {
            check();
            if (steps > MAX_STEPS) {
                throw new Halt(new CelCostException("operation cancelled: actual cost limit exceeded", false));
            }
        }
    }
}
