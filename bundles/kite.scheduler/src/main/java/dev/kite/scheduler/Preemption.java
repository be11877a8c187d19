package dev.kite.scheduler;

import dev.kite.model.core.v1.Pod;
import dev.kite.model.policy.v1.PodDisruptionBudget;
import dev.kite.model.selector.LabelSelectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the node where removing pods of lower priority makes room, at the least cost: fewest broken disruption budgets, lowest highest priority, lowest sum of priorities,
 * fewest pods, those that started last. Pure.
 *
 * @param node the node's name, empty where nothing helps
 * @param victims the pods to remove
 * @param message why nothing helps, in upstream's form; empty where something does
 */
record Preemption(String node, List<Pod> victims, String message) {
    /** What a profile without preemption does. */
    static final Preemption NONE = new Preemption("", List.of(), "");

    private static final String NOT_HELPFUL = "Preemption is not helpful for scheduling";

    private record Candidate(NodeInfo node, List<PodInfo> victims, long broken) {
        int highest() {
            return victims.stream().mapToInt(PodInfo::priority).max().orElse(Integer.MIN_VALUE);
        }

        long sum() {
            // Shifted, so that few pods of negative priority do not look better than many.
            return victims.stream()
                    .mapToLong(victim -> (long) victim.priority() - Integer.MIN_VALUE)
                    .sum();
        }

        Instant latestStart() {
            return victims.stream()
                    .filter(victim -> victim.priority() == highest())
                    .map(victim -> started(victim.pod()))
                    .min(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
        }
    }

    private static Instant started(Pod pod) {
        Instant start = pod.status().startTime();
        return start == null ? Instant.MAX : start;
    }

    /**
     * Decides.
     *
     * @param cycle the pod that has no room
     * @param rejected why it has none
     * @param budgets all disruption budgets
     * @return where to make room
     */
    static Preemption decide(Cycle cycle, Verdict.Rejected rejected, Collection<PodDisruptionBudget> budgets) {
        Map<String, Filter.Rejection> outcomes = new LinkedHashMap<>();
        if (!rejected.problem().isEmpty()
                || cycle.pod().pod().spec().preemptionPolicy().equals("Never")) {
            cycle.nodes().forEach(node -> outcomes.put(node.name(), Filter.Rejection.of(NOT_HELPFUL)));
            return new Preemption("", List.of(), message(rejected.nodes(), outcomes));
        }
        List<Candidate> candidates = new ArrayList<>();
        for (NodeInfo node : cycle.nodes()) {
            Filter.Rejection rejection = rejected.rejections().get(node.name());
            if (rejection == null || rejection.hopeless()) {
                outcomes.put(node.name(), Filter.Rejection.of(NOT_HELPFUL));
                continue;
            }
            Candidate candidate = victims(cycle, node, budgets);
            if (candidate == null) {
                outcomes.put(node.name(), Filter.Rejection.of("No preemption victims found for incoming pod"));
            } else {
                candidates.add(candidate);
            }
        }
        return candidates.stream()
                .min(Comparator.comparingLong(Candidate::broken)
                        .thenComparingInt(Candidate::highest)
                        .thenComparingLong(Candidate::sum)
                        .thenComparingInt(candidate -> candidate.victims().size())
                        .thenComparing(Candidate::latestStart, Comparator.reverseOrder()))
                .map(best -> new Preemption(
                        best.node().name(),
                        best.victims().stream().map(PodInfo::pod).toList(),
                        ""))
                .orElseGet(() -> new Preemption("", List.of(), message(rejected.nodes(), outcomes)));
    }

    private static String message(int nodes, Map<String, Filter.Rejection> outcomes) {
        return "0/" + nodes + " nodes are available: " + String.join(", ", Verdict.histogram(outcomes)) + ".";
    }

    /** The fewest pods on a node whose removal makes room: all of lower priority go, then as many as possible stay, the most important first. */
    private static @Nullable Candidate victims(Cycle cycle, NodeInfo node, Collection<PodDisruptionBudget> budgets) {
        NodeInfo emptier = node.copy();
        List<PodInfo> lower = new ArrayList<>();
        for (PodInfo other : node.pods()) {
            if (other.priority() < cycle.pod().priority()) {
                lower.add(other);
                emptier.remove(other.uid());
            }
        }
        if (lower.isEmpty() || !fits(cycle, emptier)) {
            return null;
        }
        List<PodInfo> breaking = breaking(lower, budgets);
        lower.sort(Comparator.comparing((PodInfo pod) -> !breaking.contains(pod))
                .thenComparing(Comparator.comparingInt(PodInfo::priority).reversed())
                .thenComparing(pod -> started(pod.pod())));
        List<PodInfo> victims = new ArrayList<>();
        for (PodInfo each : lower) {
            emptier.add(each);
            if (!fits(cycle, emptier)) {
                emptier.remove(each.uid());
                victims.add(each);
            }
        }
        long broken = victims.stream().filter(breaking::contains).count();
        return victims.isEmpty() ? null : new Candidate(node, victims, broken);
    }

    private static boolean fits(Cycle cycle, NodeInfo changed) {
        List<NodeInfo> nodes = cycle.nodes().stream()
                .map(node -> node.name().equals(changed.name()) ? changed : node)
                .toList();
        return Filters.first(cycle.over(nodes), changed) == null;
    }

    private static List<PodInfo> breaking(List<PodInfo> pods, Collection<PodDisruptionBudget> budgets) {
        Map<PodDisruptionBudget, Integer> left = new HashMap<>();
        List<PodInfo> breaking = new ArrayList<>();
        for (PodInfo info : pods) {
            Pod pod = info.pod();
            for (PodDisruptionBudget budget : budgets) {
                boolean covers =
                        budget.metadata().namespace().equals(pod.metadata().namespace())
                                && !pod.metadata().labels().isEmpty()
                                && LabelSelectors.of(budget.spec().selector())
                                        .matches(pod.metadata().labels())
                                && !budget.status()
                                        .disruptedPods()
                                        .containsKey(pod.metadata().name());
                if (covers
                        && left.merge(budget, -1, (old, one) -> old + one)
                                        + budget.status().disruptionsAllowed()
                                < 0) {
                    breaking.add(info);
                    break;
                }
            }
        }
        return breaking;
    }
}
