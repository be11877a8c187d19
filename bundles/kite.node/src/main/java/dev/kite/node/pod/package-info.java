/**
 * Pods on this node. {@link dev.kite.node.pod.PodPlan} decides from values what is to be done, {@link dev.kite.node.pod.PodWorker} does it, one worker and one virtual thread a
 * pod; {@link dev.kite.node.pod.PodStatuses} says what came of it.
 */
@NullMarked
package dev.kite.node.pod;

import org.jspecify.annotations.NullMarked;
