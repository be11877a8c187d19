package dev.kite.cel;

/** Kubernetes' numbers for CEL (its documentation, and its packages apis/cel and schema/cel, 1.36). Costs are CEL's cost units. */
public final class CelLimits {
    /** What one evaluation may cost. */
    public static final long PER_CALL = 1_000_000;

    /** What the evaluations of one request may cost together: a custom resource's rules, a policy binding's expressions. */
    public static final long REQUEST_BUDGET = 10_000_000;

    /** What the matchConditions of one webhook or policy binding may cost together. */
    public static final long MATCH_CONDITIONS_BUDGET = 2_500_000;

    /** The greatest static estimate of one rule of a CustomResourceDefinition, times how often its schema can occur. */
    public static final long STATIC_RULE = 10_000_000;

    /** The greatest sum of the static estimates of a CustomResourceDefinition's schema. */
    public static final long STATIC_CRD = 100_000_000;

    /** Bytes that a request is assumed to have at most where a schema bounds nothing. */
    public static final long MAX_REQUEST_BYTES = 3L * 1024 * 1024;

    /** Bytes of text that a messageExpression may give. */
    public static final int MAX_MESSAGE_BYTES = 5 * 1024;

    private CelLimits() {}
}
