package dev.kite.node.pod;

import dev.kite.cri.Sandbox;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.pod.PodView.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what a pod leaves: ended containers and sandboxes, volumes, its cgroup, its files. Confined to the pod's worker. */
final class PodRemains {
    private static final Logger LOG = LoggerFactory.getLogger(PodRemains.class);

    private final Room room;
    private final String uid;
    private final Views views;
    private final PodTeller teller;

    PodRemains(Room room, String uid, Views views, PodTeller teller) {
        this.room = room;
        this.uid = uid;
        this.views = views;
        this.teller = teller;
    }

    void remove(Instance instance) {
        if (Programs.isProgram(instance.id())) {
            room.programs().remove(instance.id());
        } else {
            room.runtime().removeContainer(instance.id());
        }
        views.forget(instance.id());
        teller.forget(instance.id());
    }

    /** Keeps one ended instance of each container, and no sandbox but the newest. */
    void collect(PodView view) {
        Map<String, Integer> kept = new HashMap<>();
        for (Instance instance : view.instances()) {
            if (!instance.running() && kept.merge(instance.name(), 1, Integer::sum) > 1) {
                remove(instance);
            }
        }
        for (Sandbox old : view.sandboxes().stream().skip(1).toList()) {
            boolean empty =
                    view.instances().stream().noneMatch(one -> one.sandbox().equals(old.id()));
            if (!old.ready() && empty) {
                room.runtime().removeSandbox(old.id());
                views.forget(old.id());
            }
        }
    }

    /** Gives back volumes and the cgroup of a pod that has ended. */
    void tearDown(Pod pod) throws IOException {
        room.volumes().teardown(uid);
        room.cgroups().remove(pod);
    }

    /** Removes all that is left of a pod that is gone. */
    void clean(Pod pod, PodView view) {
        for (Instance instance : view.instances()) {
            if (Programs.isProgram(instance.id())) {
                room.programs().remove(instance.id());
            }
            unlink(pod, instance);
            room.registry().forget(instance.id());
        }
        for (Sandbox sandbox : view.sandboxes()) {
            room.runtime().removeSandbox(sandbox.id());
            room.registry().forget(sandbox.id());
        }
        var metadata = pod.metadata();
        try {
            for (Path folder : List.of(
                    room.node().paths().logs(metadata.namespace(), metadata.name(), uid),
                    room.node().paths().pod(uid))) {
                if (Files.exists(folder)) {
                    Orphans.delete(folder);
                }
            }
        } catch (IOException e) {
            LOG.warn("Files of pod {} stay: {}", pod.key(), e.getMessage());
        }
    }

    private void unlink(Pod pod, Instance instance) {
        String name = pod.metadata().name() + "_" + pod.metadata().namespace() + "_" + instance.name() + "-"
                + instance.id() + ".log";
        if (!Programs.isProgram(instance.id())) {
            try {
                Files.deleteIfExists(room.node().paths().containerLogs().resolve(name));
            } catch (IOException e) {
                LOG.warn("Log link {} stays: {}", name, e.getMessage());
            }
        }
    }
}
