package dev.kite.scheduler;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code NodeResourcesFit} asks and how it compares nodes. Immutable.
 *
 * @param strategy whether free or full nodes are better
 * @param shape the points of a score between which it is a line; only for {@link Strategy#RATIO}
 * @param resources which resources count when nodes are compared, with their weights
 * @param ignored extended resources that a node need not have
 * @param ignoredGroups the same, by what is before the slash of their names
 */
record FitRule(
        Strategy strategy,
        List<Point> shape,
        Map<String, Integer> resources,
        Set<String> ignored,
        Set<String> ignoredGroups) {
    private static final double BEST = 100;

    /** The freest nodes are best. */
    static final FitRule DEFAULT =
            new FitRule(Strategy.LEAST, List.of(), Map.of(Requests.CPU, 1, Requests.MEMORY, 1), Set.of(), Set.of());

    /** Which nodes are better. */
    enum Strategy {
        /** Those with more left. */
        LEAST,
        /** Those with less left. */
        MOST,
        /** Those nearer to what the shape prefers. */
        RATIO
    }

    /**
     * A point of a shape.
     *
     * @param used in percent
     * @param score from 0 to 100
     */
    record Point(double used, double score) {}

    FitRule {
        shape = List.copyOf(shape);
        resources = Map.copyOf(resources);
        ignored = Set.copyOf(ignored);
        ignoredGroups = Set.copyOf(ignoredGroups);
    }

    /** Whether a node need not have it. */
    boolean ignores(String resource) {
        int slash = resource.indexOf('/');
        return slash > 0 && (ignored.contains(resource) || ignoredGroups.contains(resource.substring(0, slash)));
    }

    /** A node's score from 0 to 100 by the resources that count; those that the pod does not ask for count only where every pod needs some. */
    double score(PodInfo pod, NodeInfo node) {
        double sum = 0;
        double weights = 0;
        for (Map.Entry<String, Integer> resource : resources.entrySet()) {
            String name = resource.getKey();
            boolean basic = name.equals(Requests.CPU) || name.equals(Requests.MEMORY);
            if (!basic && pod.requests().get(name) == 0) {
                continue;
            }
            double allocatable = node.allocatable().get(name);
            double used = basic
                    ? node.nonZero().get(name) + pod.nonZero().get(name)
                    : node.requested().get(name) + pod.requests().get(name);
            double score = allocatable <= 0 ? 0 : score(Math.min(1, used / allocatable));
            // As upstream: what scores nothing does not count against the rest where a shape is given.
            if (strategy != Strategy.RATIO || score > 0) {
                sum += resource.getValue() * score;
                weights += resource.getValue();
            }
        }
        return weights == 0 ? 0 : sum / weights;
    }

    private double score(double share) {
        return switch (strategy) {
            case LEAST -> (1 - share) * BEST;
            case MOST -> share * BEST;
            case RATIO -> shaped(share * BEST);
        };
    }

    private double shaped(double used) {
        Point before = shape.getFirst();
        for (Point point : shape) {
            if (used <= point.used()) {
                double width = point.used() - before.used();
                return width <= 0
                        ? point.score()
                        : before.score() + (point.score() - before.score()) * (used - before.used()) / width;
            }
            before = point;
        }
        return before.score();
    }
}
