package dev.kite.node.pod;

import dev.kite.model.core.v1.Pod;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether the node has to end a pod by itself: refused, evicted, past its deadline. Confined to one pod's worker but for {@link #evict}. */
final class Verdicts {
    private static final String LATE = "Pod was active on the node longer than the specified deadline";

    private final Room room;
    private final Signal signal;
    private volatile PodStatuses.@Nullable Verdict eviction;
    private PodStatuses.@Nullable Verdict verdict;
    private boolean admitted;

    Verdicts(Room room, Signal signal) {
        this.room = room;
        this.signal = signal;
    }

    /** The pod is to end; from any thread. */
    void evict(PodStatuses.Verdict why) {
        eviction = why;
        signal.raise();
    }

    /** Why the pod has to end, null while it may go on; once given, it stays. */
    PodStatuses.@Nullable Verdict of(Pod pod, PodView view, Instant now) {
        if (verdict == null && !PodStatuses.terminal(pod.status().phase())) {
            PodStatuses.Verdict found = eviction;
            if (found == null
                    && !admitted
                    && view.sandboxes().isEmpty()
                    && !pod.status().hasStartTime()) {
                found = room.admission()
                        .refuse(pod, room.registry().others(pod.metadata().uid()));
            }
            admitted = true;
            if (found == null) {
                found = late(pod, now);
            }
            if (found != null) {
                verdict = found;
                room.events().warning(pod, found.reason(), found.message());
            }
        }
        return verdict;
    }

    private PodStatuses.@Nullable Verdict late(Pod pod, Instant now) {
        Instant started = pod.status().startTime();
        if (!pod.spec().hasActiveDeadlineSeconds() || started == null) {
            return null;
        }
        Instant deadline = started.plusSeconds(pod.spec().activeDeadlineSeconds());
        if (now.isBefore(deadline)) {
            signal.raiseAt(deadline);
            return null;
        }
        return new PodStatuses.Verdict("DeadlineExceeded", LATE);
    }
}
