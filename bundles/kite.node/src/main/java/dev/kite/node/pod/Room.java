package dev.kite.node.pod;

import dev.kite.api.client.EventRecorder;
import dev.kite.cri.ContainerRuntime;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.NodeContext;
import dev.kite.node.VolumeMounter;
import java.time.InstantSource;
import java.util.Collection;

/** What all workers share. Thread-safe. */
record Room(
        NodeContext node,
        ContainerRuntime runtime,
        VolumeMounter volumes,
        EventRecorder events,
        Programs programs,
        Cgroups cgroups,
        SandboxSpecs sandboxes,
        ContainerSpecs containers,
        Environment environment,
        Images images,
        Checks checks,
        Admission admission,
        InstantSource clock,
        Registry registry) {
    /** Knows whose a container or sandbox is, so that the runtime's events find their worker. */
    interface Registry {
        void belongs(String id, String podUid);

        void forget(String id);

        /** The other pods that run here or will. */
        Collection<Pod> others(String podUid);
    }
}
