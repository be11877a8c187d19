package dev.kite.node.pod;

import dev.kite.cri.Container;
import dev.kite.cri.ContainerStatus;
import dev.kite.cri.Sandbox;
import dev.kite.node.pod.PodView.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at what there is of one pod. What ended never changes, so it is asked for once. Confined to the pod's worker. */
final class Views {
    private final Room room;
    private final String uid;
    private final Map<String, ContainerStatus> ended = new HashMap<>();
    private final Map<String, Sandbox> known = new HashMap<>();

    Views(Room room, String uid) {
        this.room = room;
        this.uid = uid;
    }

    PodView look() {
        Map<String, String> labels = Map.of(Labels.POD_UID, uid);
        List<Sandbox> sandboxes = new ArrayList<>();
        for (Sandbox listed : room.runtime().sandboxes(labels)) {
            room.registry().belongs(listed.id(), uid);
            sandboxes.add(listed.ready() ? detailed(listed) : listed);
        }
        List<Instance> instances = new ArrayList<>(room.programs().instances(uid));
        for (Container listed : room.runtime().containers(labels)) {
            room.registry().belongs(listed.id(), uid);
            ContainerStatus status = ended.get(listed.id());
            if (status == null) {
                status = room.runtime().container(listed.id()).orElse(null);
            }
            if (status == null) {
                continue; // it went between the two questions
            }
            if (status.state() == Container.State.EXITED) {
                ended.put(listed.id(), status);
            }
            instances.add(new Instance(listed.sandbox(), status));
        }
        return new PodView(sandboxes, instances);
    }

    /** Addresses stay as they are as long as a sandbox lives. */
    private Sandbox detailed(Sandbox listed) {
        Sandbox before = known.get(listed.id());
        if (before != null) {
            return before;
        }
        Sandbox found = room.runtime().sandbox(listed.id()).orElse(listed);
        if (!found.addresses().isEmpty() || found.hostNetwork()) {
            known.put(found.id(), found);
        }
        return found;
    }

    void forget(String id) {
        ended.remove(id);
        room.registry().forget(id);
    }
}
