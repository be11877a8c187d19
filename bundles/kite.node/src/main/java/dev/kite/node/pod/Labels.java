package dev.kite.node.pod;

import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import java.util.HashMap;
import java.util.Map;

/** The labels and annotations by which sandboxes and containers are found again: the kubelet's, so that crictl and log collectors know them. */
final class Labels {
    static final String POD_NAME = "io.kubernetes.pod.name";
    static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    static final String POD_UID = "io.kubernetes.pod.uid";
    static final String CONTAINER_NAME = "io.kubernetes.container.name";
    static final String HASH = "io.kubernetes.container.hash";
    static final String RESTARTS = "io.kubernetes.container.restartCount";
    static final String MESSAGE_PATH = "io.kubernetes.container.terminationMessagePath";
    static final String MESSAGE_POLICY = "io.kubernetes.container.terminationMessagePolicy";
    static final String MESSAGE_FILE = "kite.dev/termination-message-file";
    static final String LIMITS = "kite.dev/limits";
    static final String GRACE = "io.kubernetes.pod.terminationGracePeriod";

    private Labels() {}

    static Map<String, String> pod(Pod pod) {
        Map<String, String> labels = new HashMap<>(pod.metadata().labels());
        labels.put(POD_NAME, pod.metadata().name());
        labels.put(POD_NAMESPACE, pod.metadata().namespace());
        labels.put(POD_UID, pod.metadata().uid());
        return labels;
    }

    static Map<String, String> container(Pod pod, Container container) {
        return Map.of(
                POD_NAME, pod.metadata().name(),
                POD_NAMESPACE, pod.metadata().namespace(),
                POD_UID, pod.metadata().uid(),
                CONTAINER_NAME, container.name());
    }

    /** What of a container's spec, when changed, makes it a new one: the image alone may change in a pod's life. */
    static String hash(Container container) {
        return Integer.toHexString((container.name() + "\0" + container.image()).hashCode());
    }
}
