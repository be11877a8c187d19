package dev.kite.cel;

import java.util.List;

/** An expression that does not compile. */
public final class CelException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is wrong with it. */
    public enum Kind {
        /** It does not parse or its types do not fit. */
        INVALID,
        /** Its result is of a type that was not accepted; the caller says it in the words of its API. */
        RESULT_TYPE
    }

    /**
     * One error.
     *
     * @param line from 1; 0 when it has no position
     * @param column from 1, in code points
     */
    public record Issue(int line, int column, String message) {}

    private final Kind kind;
    private final transient List<Issue> issues;

    /** With the text of all issues as upstream prints them. */
    public CelException(Kind kind, String message, List<Issue> issues) {
        super(message);
        this.kind = kind;
        this.issues = List.copyOf(issues);
    }

    /** What is wrong with it. */
    public Kind kind() {
        return kind;
    }

    /** At least one. */
    public List<Issue> issues() {
        return issues;
    }
}
