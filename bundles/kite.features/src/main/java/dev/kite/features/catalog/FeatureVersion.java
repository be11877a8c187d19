package dev.kite.features.catalog;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A feature's version: up to three numbers, then a qualifier. As in semantic versions and Maven, {@code 1.0.0-rc1} comes before {@code 1.0.0}; as in OSGi,
 * {@code 1.0.0.fix1} comes after it. Immutable; equal by its text.
 *
 * @param text as it is written
 * @param major the first number
 * @param minor the second, 0 where absent
 * @param micro the third, 0 where absent
 * @param stage -1 before the release, 0 the release, 1 after it
 * @param qualifier what follows, empty for none
 */
public record FeatureVersion(String text, int major, int minor, int micro, int stage, String qualifier)
        implements Comparable<FeatureVersion> {
    private static final Pattern FORM = Pattern.compile(
            "(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?(?:([.-])([A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?))?");

    private static final Comparator<FeatureVersion> ORDER = Comparator.comparingInt(FeatureVersion::major)
            .thenComparingInt(FeatureVersion::minor)
            .thenComparingInt(FeatureVersion::micro)
            .thenComparingInt(FeatureVersion::stage)
            .thenComparing(FeatureVersion::qualifier)
            .thenComparing(FeatureVersion::text);

    /**
     * Reads a version.
     *
     * @param text the version
     * @return the version
     * @throws FeatureException if it is none
     */
    public static FeatureVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new FeatureException("\"" + shortened(text) + "\" is no version such as 1.2.3");
        }
        String separator = matcher.group(4);
        int stage = separator == null ? 0 : separator.equals("-") ? -1 : 1;
        String qualifier = matcher.group(5);
        return new FeatureVersion(
                text,
                number(matcher.group(1)),
                number(matcher.group(2)),
                number(matcher.group(3)),
                stage,
                qualifier == null ? "" : qualifier);
    }

    private static int number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    @Override
    public int compareTo(FeatureVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text;
    }
}
