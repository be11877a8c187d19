package dev.kite.node.pod;

import dev.kite.api.client.ApiException;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodStatus;
import dev.kite.node.pod.PodView.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells the API how a pod is. Confined to the pod's worker but for {@link #newest}. */
final class PodTeller {
    private static final int MOST_CONFLICTS = 5;

    private final Room room;
    private final String uid;
    private final Waits waits;
    private final Map<String, String> messages = new HashMap<>();
    private volatile @Nullable PodStatus newest;

    PodTeller(Room room, String uid, Waits waits) {
        this.room = room;
        this.uid = uid;
        this.waits = waits;
    }

    /** The newest status, whether or not the API has it. */
    @Nullable
    PodStatus newest() {
        return newest;
    }

    /** How telling went. */
    sealed interface Told {
        /** The API has it, in this version. */
        record Stored(Pod pod) implements Told {}

        /** There was nothing new, or nobody to tell. */
        record Nothing() implements Told {}

        /** Others write all the time; try again. */
        record Again() implements Told {}
    }

    /** Writes the status where it changed. A conflict means that another wrote; the status is made anew from what it wrote. */
    Told tell(Pod pod, PodView view, ProbeResults probes, boolean ended, PodStatuses.@Nullable Verdict verdict) {
        readMessages(view);
        Pod base = pod;
        for (int i = 0; i < MOST_CONFLICTS; i++) {
            PodStatus made = new PodStatuses(base, view, facts(view, probes, ended, verdict)).make();
            newest = made;
            if (made.equals(base.status())) {
                return new Told.Nothing();
            }
            try {
                return new Told.Stored(room.node()
                        .client()
                        .resource(Pod.RESOURCE)
                        .updateStatus(base.toBuilder().status(made).build()));
            } catch (ApiException e) {
                if (e.notFound()) {
                    return new Told.Nothing(); // the informer will say so
                }
                if (!e.conflict()) {
                    throw e;
                }
                Optional<Pod> fresh = room.node()
                        .client()
                        .resource(Pod.RESOURCE)
                        .find(pod.metadata().namespace(), pod.metadata().name());
                if (fresh.isEmpty() || !fresh.get().metadata().uid().equals(uid)) {
                    return new Told.Nothing();
                }
                base = fresh.get();
            }
        }
        return new Told.Again();
    }

    private PodStatuses.Facts facts(
            PodView view, ProbeResults probes, boolean ended, PodStatuses.@Nullable Verdict verdict) {
        Map<String, Boolean> programs = new HashMap<>();
        for (Instance instance : view.instances()) {
            if (Programs.isProgram(instance.id())) {
                programs.put(instance.id(), room.programs().ready(instance.id()));
            }
        }
        return new PodStatuses.Facts(
                waits,
                probes,
                programs,
                messages,
                room.node().addresses().stream()
                        .map(InetAddress::getHostAddress)
                        .toList(),
                ended,
                verdict,
                room.clock().instant());
    }

    private void readMessages(PodView view) {
        for (Instance instance : view.instances()) {
            if (instance.exited() && !messages.containsKey(instance.id())) {
                try {
                    messages.put(instance.id(), Messages.of(instance.status()));
                } catch (IOException e) {
                    messages.put(instance.id(), "Error on reading termination message: " + e.getMessage());
                }
            }
        }
    }

    void forget(String instance) {
        messages.remove(instance);
    }
}
