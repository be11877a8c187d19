package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.LibraryValue;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Semantic versions (semver.org 2.0.0); with normalization a leading v, missing parts and leading zeros are forgiven. */
final class Versions {
    private static final String TYPE = "kubernetes.Semver";
    private static final String NUMBER = "(0|[1-9][0-9]{0,18})";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER
            + "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");

    static final List<Function> FUNCTIONS = List.of(
            Function.of("string_to_semver", "semver(string) " + TYPE, (e, a) -> parse((String) a[0], false)),
            Function.of(
                    "string_bool_to_semver",
                    "semver(string, bool) " + TYPE,
                    (e, a) -> parse((String) a[0], (Boolean) a[1])),
            Function.of("is_semver_string", "isSemver(string) bool", (e, a) -> is((String) a[0], false)),
            Function.of(
                    "is_semver_string_bool",
                    "isSemver(string, bool) bool",
                    (e, a) -> is((String) a[0], (Boolean) a[1])),
            Function.of(
                    "semver_is_greater_than",
                    TYPE + "#isGreaterThan(" + TYPE + ") bool",
                    (e, a) -> ((Version) a[0]).compareTo((Version) a[1]) > 0),
            Function.of(
                    "semver_is_less_than",
                    TYPE + "#isLessThan(" + TYPE + ") bool",
                    (e, a) -> ((Version) a[0]).compareTo((Version) a[1]) < 0),
            Function.of("semver_compare_to", TYPE + "#compareTo(" + TYPE + ") int", (e, a) ->
                    (long) Integer.signum(((Version) a[0]).compareTo((Version) a[1]))),
            Function.of("semver_major", TYPE + "#major() int", (e, a) -> ((Version) a[0]).major),
            Function.of("semver_minor", TYPE + "#minor() int", (e, a) -> ((Version) a[0]).minor),
            Function.of("semver_patch", TYPE + "#patch() int", (e, a) -> ((Version) a[0]).patch));

    private Versions() {}

    /** A version; its build is not compared. */
    record Version(long major, long minor, long patch, String pre, String build)
            implements LibraryValue, Comparable<Version> {
        @Override
        public String typeName() {
            return TYPE;
        }

        @Override
        public int compareTo(Version o) {
            int order = Long.compare(major, o.major);
            order = order != 0 ? order : Long.compare(minor, o.minor);
            order = order != 0 ? order : Long.compare(patch, o.patch);
            if (order != 0 || pre.equals(o.pre)) {
                return order;
            }
            if (pre.isEmpty() || o.pre.isEmpty()) {
                return pre.isEmpty() ? 1 : -1;
            }
            String[] x = pre.split("\\.", -1);
            String[] y = o.pre.split("\\.", -1);
            for (int i = 0; i < Math.min(x.length, y.length); i++) {
                int part = part(x[i], y[i]);
                if (part != 0) {
                    return part;
                }
            }
            return Integer.compare(x.length, y.length);
        }

        private static int part(String x, String y) {
            boolean numberX = x.chars().allMatch(Character::isDigit);
            boolean numberY = y.chars().allMatch(Character::isDigit);
            if (numberX && numberY) {
                return x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
            }
            return numberX ? -1 : numberY ? 1 : x.compareTo(y);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Version v && compareTo(v) == 0;
        }

        @Override
        public int hashCode() {
            return java.util.Objects.hash(major, minor, patch, pre);
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch + (pre.isEmpty() ? "" : "-" + pre)
                    + (build.isEmpty() ? "" : "+" + build);
        }
    }

    private static boolean is(String text, boolean normalize) {
        try {
            parse(text, normalize);
            return true;
        } catch (CelError e) {
            return false;
        }
    }

    private static Version parse(String text, boolean normalize) {
        if (text.length() > 256) {
            throw new CelError("Invalid semantic version: too long");
        }
        Matcher matcher = FORM.matcher(normalize ? normalized(text) : text);
        if (!matcher.matches() || hasLeadingZero(matcher.group(4))) {
            throw new CelError(cause(text));
        }
        try {
            return new Version(
                    Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)),
                    matcher.group(4) == null ? "" : matcher.group(4),
                    matcher.group(5) == null ? "" : matcher.group(5));
        } catch (NumberFormatException e) {
            throw new CelError("Invalid semantic version: " + Texts.quote(text));
        }
    }

    /** Why a text is no version. */
    private static String cause(String text) {
        String[] parts = text.split("\\.", 3);
        if (parts.length < 3) {
            return text.isEmpty() ? "Version string empty" : "No Major.Minor.Patch elements found";
        }
        String[] names = {"major", "minor"};
        for (int i = 0; i < 2; i++) {
            if (parts[i].chars().anyMatch(c -> c < '0' || c > '9')) {
                return "Invalid character(s) found in " + names[i] + " number " + Texts.quote(parts[i]);
            }
            if (parts[i].length() > 1 && parts[i].startsWith("0")) {
                return (i == 0 ? "Major" : "Minor") + " number must not contain leading zeroes "
                        + Texts.quote(parts[i]);
            }
        }
        if (text.endsWith("-")) {
            return "Prerelease is empty";
        }
        return text.endsWith("+") ? "Build meta data is empty" : "Invalid semantic version: " + Texts.quote(text);
    }

    private static boolean hasLeadingZero(@org.jspecify.annotations.Nullable String pre) {
        if (pre == null) {
            return false;
        }
        for (String part : pre.split("\\.", -1)) {
            if (part.length() > 1 && part.startsWith("0") && part.chars().allMatch(Character::isDigit)) {
                return true;
            }
        }
        return false;
    }

    private static String normalized(String text) {
        String s = text.startsWith("v") ? text.substring(1) : text;
        String[] parts = s.split("\\.", 3);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].length() > 1) {
                String p = parts[i].replaceFirst("^0+", "");
                parts[i] = p.isEmpty() || !Character.isDigit(p.charAt(0)) ? "0" + p : p;
            }
        }
        if (parts.length == 3) {
            return String.join(".", parts);
        }
        String last = parts[parts.length - 1];
        return last.indexOf('-') >= 0 || last.indexOf('+') >= 0
                ? s
                : String.join(".", parts) + (parts.length == 2 ? ".0" : ".0.0");
    }
}
