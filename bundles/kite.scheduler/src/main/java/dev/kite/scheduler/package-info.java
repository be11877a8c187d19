/** Scheduling: a queue of pods, filters and scores over a view of the cluster, binding, preemption. */
@NullMarked
package dev.kite.scheduler;

import org.jspecify.annotations.NullMarked;
