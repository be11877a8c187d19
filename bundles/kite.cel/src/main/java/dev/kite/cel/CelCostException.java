package dev.kite.cel;

/** An evaluation that cost more than it may. */
public final class CelCostException extends CelEvaluationException {
    private static final long serialVersionUID = 1;

    private final boolean budget;

    /** Whether the budget, or only the limit of a call, was spent. */
    public CelCostException(String message, boolean budget) {
        super(message);
        this.budget = budget;
    }

    /** Whether the shared budget is spent, so that no further expression should be evaluated; else the one call cost too much. */
    public boolean isBudget() {
        return budget;
    }
}
