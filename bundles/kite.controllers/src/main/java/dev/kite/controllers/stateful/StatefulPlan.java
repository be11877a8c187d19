package dev.kite.controllers.stateful;

import dev.kite.controllers.base.Pods;
import dev.kite.controllers.revisions.History;
import dev.kite.model.IntOrString;
import dev.kite.model.apps.v1.StatefulSet;
import dev.kite.model.core.v1.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The next steps of a StatefulSet: in order, one at a time, or all at once where its pods are managed in parallel. Pure.
 *
 * @param create ordinals to create, with the revision of each
 * @param recreate pods that ended and are deleted to be made anew
 * @param scaleDown pods beyond the desired number
 * @param update pods of an older revision, to be made anew
 */
record StatefulPlan(List<Member> create, List<Pod> recreate, List<Pod> scaleDown, List<Pod> update) {
    /**
     * A pod to create.
     *
     * @param ordinal its ordinal
     * @param revision its revision's name
     */
    record Member(int ordinal, String revision) {}

    /**
     * Decides.
     *
     * @param set the StatefulSet
     * @param current the name of the revision that rolls out of use
     * @param update the name of the revision of the present template
     * @param pods its pods
     * @param now the time
     * @return the next steps
     */
    static StatefulPlan of(StatefulSet set, String current, String update, Collection<Pod> pods, Instant now) {
        Maker maker = new Maker(set, current, update, now);
        maker.members(pods);
        return new StatefulPlan(maker.create, maker.recreate, maker.scaleDown, maker.update);
    }

    private static final class Maker {
        private final StatefulSet set;
        private final String currentRevision;
        private final String updateRevision;
        private final Instant now;
        private final boolean parallel;
        private final List<Member> create = new ArrayList<>();
        private final List<Pod> recreate = new ArrayList<>();
        private final List<Pod> scaleDown = new ArrayList<>();
        private final List<Pod> update = new ArrayList<>();

        Maker(StatefulSet set, String current, String update, Instant now) {
            this.set = set;
            this.currentRevision = current;
            this.updateRevision = update;
            this.now = now;
            this.parallel = set.spec().podManagementPolicy().equals("Parallel");
        }

        private int start() {
            return set.spec().ordinals().start();
        }

        private int end() {
            return start() + set.spec().replicas();
        }

        private int partition() {
            return set.spec().updateStrategy().rollingUpdate().partition();
        }

        private boolean rolling() {
            return !set.spec().updateStrategy().type().equals("OnDelete");
        }

        private boolean available(Pod pod) {
            return !Pods.isTerminating(pod) && Pods.isAvailable(pod, set.spec().minReadySeconds(), now);
        }

        private void members(Collection<Pod> pods) {
            Map<Integer, Pod> members = new TreeMap<>();
            for (Pod pod : pods) {
                int ordinal = Identity.ordinal(set, pod);
                if (ordinal >= 0) {
                    members.put(ordinal, pod);
                }
            }
            List<Pod> condemned = members.entrySet().stream()
                    .filter(entry -> entry.getKey() < start() || entry.getKey() >= end())
                    .map(Map.Entry::getValue)
                    .toList();
            if (!grow(members) || !shrink(condemned, members)) {
                return;
            }
            if (rolling()) {
                roll(members);
            }
        }

        /** Makes what is missing; whether the next stage may begin. */
        private boolean grow(Map<Integer, Pod> members) {
            for (int ordinal = start(); ordinal < end(); ordinal++) {
                Pod pod = members.get(ordinal);
                if (pod == null) {
                    create.add(new Member(ordinal, revisionOf(ordinal)));
                    if (!parallel) {
                        return false;
                    }
                } else if (Pods.isTerminating(pod)) {
                    if (!parallel) {
                        return false;
                    }
                } else if (Pods.isFinished(pod)) {
                    recreate.add(pod);
                    if (!parallel) {
                        return false;
                    }
                } else if (!parallel && !available(pod)) {
                    // Each waits for the one before it, also during an update: a pod that never becomes ready is its
                    // owner's to delete.
                    return false;
                }
            }
            return true;
        }

        private String revisionOf(int ordinal) {
            return rolling() && ordinal < start() + partition() ? currentRevision : updateRevision;
        }

        /** Removes what is too many, the highest ordinal first; whether the next stage may begin. */
        private boolean shrink(List<Pod> condemned, Map<Integer, Pod> members) {
            List<Pod> highestFirst = condemned.stream()
                    .sorted(Comparator.comparingInt((Pod pod) -> Identity.ordinal(set, pod))
                            .reversed())
                    .toList();
            for (Pod pod : highestFirst) {
                if (Pods.isTerminating(pod)) {
                    if (!parallel) {
                        return false;
                    }
                    continue;
                }
                if (parallel) {
                    scaleDown.add(pod);
                    continue;
                }
                // Lower members must be healthy, so that not two are missing; the sick one itself may go.
                boolean othersHealthy = members.values().stream()
                        .filter(other -> Identity.ordinal(set, other) < Identity.ordinal(set, pod))
                        .allMatch(this::available);
                if (othersHealthy) {
                    scaleDown.add(pod);
                }
                return false;
            }
            return scaleDown.isEmpty();
        }

        /** Replaces pods of older revisions from the highest ordinal down to the partition, waiting for each to be available. */
        private void roll(Map<Integer, Pod> members) {
            int most = unavailable();
            int missing = 0;
            for (int ordinal = start(); ordinal < end(); ordinal++) {
                Pod pod = members.get(ordinal);
                missing += pod == null || !available(pod) ? 1 : 0;
            }
            for (int ordinal = end() - 1; ordinal >= start() + partition(); ordinal--) {
                Pod pod = members.get(ordinal);
                if (pod == null) {
                    continue;
                }
                boolean old = !updateRevision.equals(pod.metadata().labels().get(History.HASH));
                if (old && !Pods.isTerminating(pod)) {
                    boolean sick = !available(pod);
                    if (!sick && missing >= most) {
                        return;
                    }
                    update.add(pod);
                    missing += sick ? 0 : 1;
                    if (missing >= most) {
                        return;
                    }
                } else if (!available(pod) && missing >= most) {
                    return;
                }
            }
        }

        private int unavailable() {
            IntOrString most = set.spec().updateStrategy().rollingUpdate().maxUnavailable();
            return most == null ? 1 : Math.max(1, most.scaled(set.spec().replicas(), true));
        }
    }
}
