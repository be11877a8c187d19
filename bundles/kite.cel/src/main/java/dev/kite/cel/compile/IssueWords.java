package dev.kite.cel.compile;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Upstream's words and places for dev.cel's: a parser's message says that it is one, a checker's doesn't list the candidates, a macro's names the argument.
 * One instance a source.
 */
final class IssueWords {
    private static final Pattern PARSER =
            Pattern.compile("^(mismatched|extraneous|no viable|missing|token recognition)");

    /** What stands before a macro's first argument. */
    private static final Pattern MACRO = Pattern.compile("([A-Za-z_]+)\\s*\\(\\s*$");

    private static final Pattern UNRESOLVED =
            Pattern.compile("^Message type resolution failure .* for type '([^']*)' was added");

    private static final String NO_NAME = "The argument must be a simple name";
    private static final String NO_FIELD = "invalid argument to has() macro";

    /** Issues at most, as upstream reports them; a hostile source can have one a character. */
    static final int MOST = 100;

    /** A longer line isn't shown with each of its issues. */
    private static final int LONGEST = 16_384;

    private final CelSource source;
    private final String[] lines;
    private final boolean syntax;

    IssueWords(CelSource source, boolean syntax) {
        this.source = source;
        this.lines = source.getContent().toString().split("\n", -1);
        this.syntax = syntax;
    }

    /** What stands in for the issues beyond the most. */
    static CelIssue tooMany(CelIssue next) {
        return CelIssue.formatError(next.getSourceLocation(), "Syntax error: More than " + MOST + " syntax errors");
    }

    /** All issues as one text, each with its line. */
    String display(List<CelIssue> issues) {
        StringJoiner all = new StringJoiner("\n");
        for (CelIssue issue : issues) {
            CelSourceLocation at = issue.getSourceLocation();
            all.add(
                    line(at).length() <= LONGEST
                            ? issue.toDisplayString(source)
                            : "ERROR: <input>:" + at.getLine() + ":" + (at.getColumn() + 1) + ": "
                                    + issue.getMessage());
        }
        return all.toString();
    }

    /** The issue in upstream's words. */
    CelIssue of(CelIssue issue) {
        String message = issue.getMessage();
        CelSourceLocation at = issue.getSourceLocation();
        int candidates = message.indexOf(" (candidates: ");
        message = candidates < 0 ? message : message.substring(0, candidates);
        Matcher unresolved = UNRESOLVED.matcher(message);
        if (unresolved.find()) {
            message = "unexpected failed resolution of '" + unresolved.group(1) + "'";
        } else if (message.equals(NO_NAME)) {
            message = noName(line(at), at.getColumn());
        } else if (message.equals(NO_FIELD)) {
            at = CelSourceLocation.of(at.getLine(), argument(line(at), at.getColumn()));
        } else if (syntax && PARSER.matcher(message).find()) {
            int end = message.indexOf("expecting {<EOF>, ");
            message = "Syntax error: " + (end < 0 ? message : message.substring(0, end) + "expecting <EOF>");
        }
        return CelIssue.formatError(
                at,
                message.replace("google.protobuf.Duration", "duration")
                        .replace("google.protobuf.Timestamp", "timestamp"));
    }

    /** The words differ from macro to macro. */
    private static String noName(String line, int column) {
        Matcher macro = MACRO.matcher(line.substring(0, Math.min(line.length(), Math.max(0, column))));
        String name = macro.find() ? macro.group(1) : "";
        return name.equals("map") || name.equals("filter")
                ? "argument is not an identifier"
                : "argument must be a simple name";
    }

    /** The place of the argument of a macro whose parenthesis is at a column. */
    private static int argument(String line, int column) {
        int at = column + 1;
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at < line.length() ? at : column;
    }

    private String line(CelSourceLocation at) {
        return at.getLine() >= 1 && at.getLine() <= lines.length ? lines[at.getLine() - 1] : "";
    }
}
