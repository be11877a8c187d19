package dev.kite.api.arguments;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The known word that a mistyped one is nearest to, by insertions, deletions and replacements. Pure. */
final class NearestWord {
    private static final int LONGEST = 100;

    private NearestWord() {}

    static @Nullable String of(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return null;
        }
        String nearest = null;
        int best = Math.max(1, word.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(word, candidate);
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(above[j], row[j - 1]) + 1, above[j - 1] + change);
            }
            above = row;
        }
        return above[to.length()];
    }
}
