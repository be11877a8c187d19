package dev.kite.api.metrics;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a family measures.
 *
 * @param name its name in Prometheus' alphabet
 * @param stability how far it may change, which its help begins with
 * @param help one line of what it tells
 * @param labels its labels, in the order in which values are given
 */
public record Metric(String name, Stability stability, String help, List<String> labels) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /** How far a metric may change, in Kubernetes' sense. */
    public enum Stability {
        /** May go at any time. */
        ALPHA,
        /** May lose labels after a notice. */
        BETA,
        /** Name, type and labels stay. */
        STABLE,
        /** Not one of Kubernetes: its help has no mark. */
        UNMARKED
    }

    /**
     * Copies the labels.
     *
     * @throws IllegalArgumentException if a name isn't one, or there are more labels than {@link SeriesTable#MAX_LABELS}
     */
    public Metric {
        labels = List.copyOf(labels);
        if (!NAME.matcher(name).matches()
                || !labels.stream().allMatch(label -> NAME.matcher(label).matches())) {
            throw new IllegalArgumentException("not a metric's name: " + name + labels);
        }
        if (labels.size() > SeriesTable.MAX_LABELS) {
            throw new IllegalArgumentException("too many labels: " + name);
        }
    }

    /**
     * A metric that may change.
     *
     * @param name its name
     * @param help what it tells
     * @param labels its labels
     * @return the metric
     */
    public static Metric alpha(String name, String help, String... labels) {
        return new Metric(name, Stability.ALPHA, help, List.of(labels));
    }

    /**
     * A metric that may lose labels after a notice.
     *
     * @param name its name
     * @param help what it tells
     * @param labels its labels
     * @return the metric
     */
    public static Metric beta(String name, String help, String... labels) {
        return new Metric(name, Stability.BETA, help, List.of(labels));
    }

    /**
     * A metric that stays.
     *
     * @param name its name
     * @param help what it tells
     * @param labels its labels
     * @return the metric
     */
    public static Metric stable(String name, String help, String... labels) {
        return new Metric(name, Stability.STABLE, help, List.of(labels));
    }

    /**
     * A metric that isn't Kubernetes'.
     *
     * @param name its name
     * @param help what it tells
     * @param labels its labels
     * @return the metric
     */
    public static Metric own(String name, String help, String... labels) {
        return new Metric(name, Stability.UNMARKED, help, List.of(labels));
    }

    /** @return the help as it is told, with its mark */
    public String markedHelp() {
        return stability == Stability.UNMARKED ? help : "[" + stability + "] " + help;
    }
}
