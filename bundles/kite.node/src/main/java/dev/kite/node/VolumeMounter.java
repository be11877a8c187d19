package dev.kite.node;

import dev.kite.model.core.v1.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Makes a pod's volumes seen on this node. A service of dev.kite.node.volume. Thread-safe; for one pod calls come one after another, from that pod's worker; they
 * block and may be interrupted.
 */
public interface VolumeMounter {
    /**
     * Makes all volumes ready. Called before the pod's containers are made, again at each sync of the pod, so that contents of ConfigMaps, Secrets and tokens follow
     * their sources: cheap and without effect where nothing changed.
     *
     * @param pod the pod
     * @return the folder, file or device of the node that holds each volume, by the volume's name
     * @throws IOException if one isn't ready; the message becomes the event FailedMount and the call is repeated with back-off
     */
    Map<String, Path> prepare(Pod pod) throws IOException;

    /**
     * Takes a pod's volumes away after its containers ended; what emptyDir held is deleted. Idempotent.
     *
     * @param podUid the pod's uid
     * @throws IOException if one can't be taken away; the call is repeated with back-off, and the pod stays in the API until then
     */
    void teardown(String podUid) throws IOException;

    /**
     * Takes away what pods that are no more have left, for example after a restart.
     *
     * @param podUids the uids of the pods that are
     */
    void teardownOthers(Set<String> podUids);
}
