package dev.kite.apiserver.custom;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Compiles the patterns of schemas: matching takes linear time, and what would compile to more than a bound is refused. Stateless. */
final class Patterns {
    /** Characters and groups, each as often as it is repeated. */
    private static final long MOST = 100_000;

    private static final int DEEPEST = 1_000;
    private static final int LONGEST_COUNT = 1_000;

    private Patterns() {}

    static Pattern compile(String pattern) {
        bound(pattern);
        return Pattern.compile(pattern);
    }

    private static void bound(String pattern) {
        Deque<Long> outer = new ArrayDeque<>();
        long size = 0;
        long last = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '(') {
                outer.push(size);
                size = 0;
                last = 0;
                if (outer.size() > DEEPEST) {
                    throw new PatternSyntaxException("expression nests too deeply", pattern);
                }
            } else if (c == ')' && !outer.isEmpty()) {
                last = size + 1;
                size = outer.pop() + last;
            } else if (c == '{') {
                long times = times(pattern, i);
                size += last * (times - 1);
                last *= times;
            } else {
                last = 1;
                size++;
            }
            if (size > MOST) {
                throw new PatternSyntaxException("expression too large", pattern);
            }
            if (c == '\\') {
                i++;
            } else if (c == '[') {
                i = classEnd(pattern, i);
            }
        }
    }

    /** Where a class of characters ends: its first character may be a closing bracket. */
    private static int classEnd(String pattern, int start) {
        int i = start + 1;
        i += i < pattern.length() && pattern.charAt(i) == '^' ? 1 : 0;
        i += i < pattern.length() && pattern.charAt(i) == ']' ? 1 : 0;
        while (i < pattern.length() && pattern.charAt(i) != ']') {
            i += pattern.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }

    /** How often a count such as {@code {2,5}} repeats at most; once what is none. */
    private static long times(String pattern, int open) {
        int close = pattern.indexOf('}', open);
        String[] counts =
                close < 0 ? new String[0] : pattern.substring(open + 1, close).split(",", -1);
        long most = 1;
        for (String count : counts) {
            if (!count.isEmpty() && count.length() <= 4 && count.chars().allMatch(Character::isDigit)) {
                most = Math.max(most, Math.min(Integer.parseInt(count), LONGEST_COUNT));
            }
        }
        return most;
    }
}
