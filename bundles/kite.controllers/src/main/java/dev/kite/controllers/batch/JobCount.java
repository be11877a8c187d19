package dev.kite.controllers.batch;

import dev.kite.controllers.base.Pods;
import dev.kite.model.batch.v1.Job;
import dev.kite.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts a Job's pods so that none is counted twice or lost, whatever happens in between: an ended pod's uid is first written into the status, then the pod loses its
 * finalizer, and only then the counter goes up and the uid leaves the status. One use.
 */
final class JobCount {
    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    static final String INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";

    private final Job job;
    final boolean indexed;
    final List<Pod> active = new ArrayList<>();
    /** Pods that have been accounted for in the status that is to be written, and then lose their finalizer. */
    final List<Pod> accounted = new ArrayList<>();

    final Set<String> uncountedSucceeded;
    final Set<String> uncountedFailed;
    final BitSet completed;
    final BitSet failedIndexes;
    int succeeded;
    int failed;
    int ready;
    int terminating;
    String failJob = "";

    JobCount(Job job, Collection<Pod> pods) {
        this.job = job;
        this.indexed = job.spec().completionMode().equals("Indexed");
        var status = job.status();
        int completions = job.spec().hasCompletions() ? job.spec().completions() : Integer.MAX_VALUE;
        this.uncountedSucceeded =
                new LinkedHashSet<>(status.uncountedTerminatedPods().succeeded());
        this.uncountedFailed =
                new LinkedHashSet<>(status.uncountedTerminatedPods().failed());
        this.completed = Indexes.parse(status.completedIndexes(), completions);
        this.failedIndexes = Indexes.parse(status.failedIndexes(), completions);
        this.succeeded = status.succeeded();
        this.failed = status.failed();
        settle(pods);
        pods.forEach(this::look);
        if (indexed) {
            succeeded = completed.cardinality();
        }
    }

    /** Pods that lost their finalizer, or are gone, are counted for good. */
    private void settle(Collection<Pod> pods) {
        Map<String, Pod> byUid = new HashMap<>();
        pods.forEach(pod -> byUid.put(pod.metadata().uid(), pod));
        uncountedSucceeded.removeIf(uid -> {
            boolean done = !tracked(byUid.get(uid));
            succeeded += done ? 1 : 0;
            return done;
        });
        uncountedFailed.removeIf(uid -> {
            boolean done = !tracked(byUid.get(uid));
            failed += done ? 1 : 0;
            return done;
        });
    }

    private static boolean tracked(@Nullable Pod pod) {
        return pod != null && pod.metadata().finalizers().contains(FINALIZER);
    }

    private void look(Pod pod) {
        boolean goes = Pods.isTerminating(pod);
        if (!Pods.isFinished(pod)) {
            if (goes) {
                terminating++;
            } else {
                active.add(pod);
                ready += Pods.isReady(pod) ? 1 : 0;
            }
        }
        if (!tracked(pod)) {
            return;
        }
        String uid = pod.metadata().uid();
        if (uncountedSucceeded.contains(uid) || uncountedFailed.contains(uid)) {
            accounted.add(pod);
        } else if (pod.status().phase().equals("Succeeded")) {
            accounted.add(pod);
            succeed(pod, uid);
        } else if (pod.status().phase().equals("Failed") || (goes && !replacesFailedOnly())) {
            accounted.add(pod);
            fail(pod, uid);
        }
    }

    private boolean replacesFailedOnly() {
        return job.spec().podReplacementPolicy().equals("Failed");
    }

    private void succeed(Pod pod, String uid) {
        if (!indexed) {
            uncountedSucceeded.add(uid);
            return;
        }
        int index = index(pod);
        if (index >= 0 && index < job.spec().completions() && !failedIndexes.get(index)) {
            completed.set(index);
        }
    }

    private void fail(Pod pod, String uid) {
        switch (FailurePolicy.of(job, pod)) {
            case FailurePolicy.Ignore() -> {}
            case FailurePolicy.Count() -> {
                uncountedFailed.add(uid);
                if (job.spec().hasBackoffLimitPerIndex()
                        && failures(pod) >= job.spec().backoffLimitPerIndex()) {
                    failIndex(pod);
                }
            }
            case FailurePolicy.FailIndex() -> {
                uncountedFailed.add(uid);
                failIndex(pod);
            }
            case FailurePolicy.FailJob(String message) -> {
                uncountedFailed.add(uid);
                failJob = message;
            }
        }
    }

    private void failIndex(Pod pod) {
        int index = index(pod);
        if (index >= 0 && !completed.get(index)) {
            failedIndexes.set(index);
        }
    }

    static int index(Pod pod) {
        return number(pod, INDEX, -1);
    }

    /** How often the pod's index had failed before it. */
    static int failures(Pod pod) {
        return number(pod, INDEX_FAILURES, 0);
    }

    private static int number(Pod pod, String annotation, int otherwise) {
        String text = pod.metadata().annotations().get(annotation);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            // Somebody's edit: as if there were none.
            return otherwise;
        }
    }

    int allSucceeded() {
        return indexed ? succeeded : succeeded + uncountedSucceeded.size();
    }

    int allFailed() {
        return failed + uncountedFailed.size();
    }

    boolean settled() {
        return uncountedSucceeded.isEmpty() && uncountedFailed.isEmpty();
    }
}
