package dev.kite.cel.compile;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Upstream's words and places for dev.cel's: a parser's message says that it is one, a checker's doesn't list the candidates, a macro's names the argument.
 * Stateless.
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

    private IssueWords() {}

    /** The issue in upstream's words. */
    static CelIssue of(CelIssue issue, CelSource source, boolean syntax) {
        String message = issue.getMessage();
        CelSourceLocation at = issue.getSourceLocation();
        int candidates = message.indexOf(" (candidates: ");
        message = candidates < 0 ? message : message.substring(0, candidates);
        Matcher unresolved = UNRESOLVED.matcher(message);
        if (unresolved.find()) {
            message = "unexpected failed resolution of '" + unresolved.group(1) + "'";
        } else if (message.equals(NO_NAME)) {
            message = noName(line(source, at), at.getColumn());
        } else if (message.equals(NO_FIELD)) {
            at = CelSourceLocation.of(at.getLine(), argument(line(source, at), at.getColumn()));
        } else if (syntax && PARSER.matcher(message).find()) {
            int end = message.indexOf("expecting {<EOF>, ");
            message = "Syntax error: " + (end < 0 ? message : message.substring(0, end) + "expecting <EOF>");
        }
        return CelIssue.formatError(at, message);
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

    private static String line(CelSource source, CelSourceLocation at) {
        String[] lines = source.getContent().toString().split("\n", -1);
        return at.getLine() >= 1 && at.getLine() <= lines.length ? lines[at.getLine() - 1] : "";
    }
}
