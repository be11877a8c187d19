package dev.kite.controllers.batch;

import dev.kite.model.batch.v1.Job;
import dev.kite.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import dev.kite.model.batch.v1.PodFailurePolicyRule;
import dev.kite.model.core.v1.ContainerStatus;
import dev.kite.model.core.v1.Pod;
import java.util.stream.Stream;

/** What a Job's pod failure policy says of a failed pod. Pure. */
sealed interface FailurePolicy {
    /** It counts against the back-off limit. */
    record Count() implements FailurePolicy {}

    /** It does not count. */
    record Ignore() implements FailurePolicy {}

    /** Its index fails. */
    record FailIndex() implements FailurePolicy {}

    /**
     * The Job fails.
     *
     * @param message why
     */
    record FailJob(String message) implements FailurePolicy {}

    /**
     * Applies the first rule that matches.
     *
     * @param job the Job
     * @param pod the failed pod
     * @return what to do
     */
    static FailurePolicy of(Job job, Pod pod) {
        int index = 0;
        for (PodFailurePolicyRule rule : job.spec().podFailurePolicy().rules()) {
            String match = match(rule, pod);
            if (!match.isEmpty()) {
                return switch (rule.action()) {
                    case "FailJob" -> new FailJob(match + " matching " + rule.action() + " rule at index " + index);
                    case "Ignore" -> new Ignore();
                    case "FailIndex" -> new FailIndex();
                    default -> new Count();
                };
            }
            index++;
        }
        return new Count();
    }

    private static String match(PodFailurePolicyRule rule, Pod pod) {
        if (rule.hasOnExitCodes()) {
            return exitCode(rule.onExitCodes(), pod);
        }
        boolean matches = rule.onPodConditions().stream()
                .anyMatch(pattern -> pod.status().conditions().stream()
                        .anyMatch(condition -> condition.type().equals(pattern.type())
                                && condition.status().equals(pattern.status().isEmpty() ? "True" : pattern.status())));
        if (!matches) {
            return "";
        }
        return "Pod " + pod.key() + " has condition "
                + rule.onPodConditions().getFirst().type();
    }

    private static String exitCode(PodFailurePolicyOnExitCodesRequirement requirement, Pod pod) {
        Stream<ContainerStatus> statuses =
                Stream.concat(pod.status().initContainerStatuses().stream(), pod.status().containerStatuses().stream());
        return statuses.filter(status -> requirement.containerName().isEmpty()
                        || requirement.containerName().equals(status.name()))
                .filter(status -> status.state().hasTerminated()
                        && status.state().terminated().exitCode() != 0)
                .filter(status -> requirement
                                .values()
                                .contains(status.state().terminated().exitCode())
                        == requirement.operator().equals("In"))
                .map(status -> "Container " + status.name() + " for pod " + pod.key() + " failed with exit code "
                        + status.state().terminated().exitCode())
                .findFirst()
                .orElse("");
    }
}
