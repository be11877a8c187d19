package dev.kite.node.pod;

import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;

/** One thing to do for a pod. */
sealed interface Step {
    /** Stop all that runs and the sandbox: the pod is at its end, or its sandbox has to be made anew. */
    record EndAll() implements Step {}

    /** Make a sandbox, the pod's attempt-th. */
    record MakeSandbox(int attempt) implements Step {}

    /** Stop a container; why is an event's message. */
    record Kill(Instance instance, Ref container, String why) implements Step {}

    /** Remove a container that was made and never started. */
    record Remove(Instance instance) implements Step {}

    /** Give a running container the limits that its spec has now. */
    record Resize(Instance instance, Ref container) implements Step {}

    /** Make and start a container's attempt-th instance. */
    record Start(Ref container, int attempt) implements Step {}
}
