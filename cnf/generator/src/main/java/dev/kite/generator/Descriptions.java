package dev.kite.generator;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a type or field means, in the form of Kubernetes' OpenAPI documents. Neither source has it whole: client-java-api has a blank
 * for each line break and nothing where a field's value is of another type, client-java-proto lacks the empty lines between
 * paragraphs and has notes that are not for users. The words are the former's where it has them, the lines the latter's.
 */
final class Descriptions {
    private static final Pattern GAP = Pattern.compile("\\s+");

    private Descriptions() {}

    /**
     * A description.
     *
     * @param model the model's words, empty if it has none
     * @param comment the lines of the comment, none if there is no comment
     */
    static String of(String model, List<String> comment) {
        String lines = text(comment);
        if (model.isEmpty()) {
            return lines;
        }
        List<String> words = List.of(GAP.split(model));
        List<String> sameWords = List.of(GAP.split(lines));
        return words.size() <= sameWords.size()
                        && sameWords.subList(0, words.size()).equals(words)
                ? withLines(words, gaps(model), gaps(lines))
                : model;
    }

    private static List<String> gaps(String text) {
        return GAP.matcher(text).results().map(MatchResult::group).toList();
    }

    /** Joins words by the comment's gaps; where the model's gap is wider, an empty line is missing. */
    private static String withLines(List<String> words, List<String> wide, List<String> gaps) {
        StringBuilder text = new StringBuilder(words.getFirst());
        for (int i = 1; i < words.size(); i++) {
            String gap = gaps.get(i - 1);
            int missing = wide.get(i - 1).length() - gap.length();
            if (missing > 0) {
                text.append("\n".repeat(missing));
                gap = gap.equals(" ") ? "\n" : gap;
            }
            text.append(gap).append(words.get(i));
        }
        return text.toString();
    }

    /**
     * The text of a comment: lines are joined by blanks, an indented line stands alone; lines that start with TODO or + are notes and
     * markers, and --- ends the text.
     */
    private static String text(List<String> comment) {
        StringBuilder text = new StringBuilder();
        for (String raw : comment) {
            String line = raw.stripTrailing();
            String words = line.stripLeading();
            if (line.equals("---")) {
                break;
            }
            if (words.startsWith("TODO") || words.startsWith("+")) {
                continue;
            }
            if (words.length() < line.length()) {
                // Instead of the blank or line break before it.
                text.setLength(Math.max(0, text.length() - 1));
                text.append('\n').append(line).append('\n');
            } else {
                text.append(line).append(' ');
            }
        }
        return text.toString().strip();
    }
}
