package dev.kite.controllers.batch;

import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Completion indexes as a Job's status writes them: {@code 0-2,5,7-8}. Pure. */
final class Indexes {
    /** No Job has more than nine digits of completions. */
    private static final Pattern PART = Pattern.compile("(?<![0-9-])([0-9]{1,9})(?:-([0-9]{1,9}))?(?![0-9-])");

    private Indexes() {}

    /**
     * Reads indexes.
     *
     * @param text the text
     * @param completions how many indexes there are; larger ones are left out
     * @return the indexes; what is malformed is left out, as upstream does
     */
    static BitSet parse(String text, int completions) {
        BitSet indexes = new BitSet();
        for (Matcher part = PART.matcher(text); part.find(); ) {
            int first = Integer.parseInt(part.group(1));
            int last = part.group(2) == null ? first : Integer.parseInt(part.group(2));
            if (first <= last && first < completions) {
                indexes.set(first, Math.min(last, completions - 1) + 1);
            }
        }
        return indexes;
    }

    /**
     * Writes indexes.
     *
     * @param indexes the indexes
     * @return the text
     */
    static String format(BitSet indexes) {
        StringBuilder text = new StringBuilder();
        for (int first = indexes.nextSetBit(0); first >= 0; ) {
            int end = indexes.nextClearBit(first);
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (end - first == 2) {
                text.append(',').append(end - 1);
            } else if (end - first > 2) {
                text.append('-').append(end - 1);
            }
            first = indexes.nextSetBit(end);
        }
        return text.toString();
    }
}
