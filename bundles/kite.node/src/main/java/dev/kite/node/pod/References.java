package dev.kite.node.pod;

import dev.kite.model.core.v1.ObjectReference;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.pod.Containers.Ref;

/** What events about containers point at. */
final class References {
    private References() {}

    static ObjectReference of(Pod pod, Ref container) {
        return ObjectReference.builder()
                .apiVersion("v1")
                .kind("Pod")
                .namespace(pod.metadata().namespace())
                .name(pod.metadata().name())
                .uid(pod.metadata().uid())
                .resourceVersion(pod.metadata().resourceVersion())
                .fieldPath(container.fieldPath())
                .build();
    }
}
