package dev.kite.controllers.daemon;

import dev.kite.controllers.base.Pods;
import dev.kite.controllers.revisions.History;
import dev.kite.model.IntOrString;
import dev.kite.model.apps.v1.DaemonSet;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What brings a DaemonSet's pods to the desired state. Pure.
 *
 * @param create names of nodes that get a pod
 * @param delete pods to delete
 * @param ended pods to delete, with a back-off, since they ended by themselves
 */
record DaemonPlan(List<String> create, List<Pod> delete, List<Pod> ended) {
    /**
     * Decides.
     *
     * @param set the DaemonSet
     * @param hash the hash of its present template
     * @param nodes all nodes
     * @param pods its pods
     * @param now the time
     * @return what to do
     */
    static DaemonPlan of(DaemonSet set, String hash, Collection<Node> nodes, Collection<Pod> pods, Instant now) {
        return new Maker(set, hash, nodes, pods, now).make();
    }

    static Map<String, List<Pod>> byNode(Collection<Pod> pods) {
        Map<String, List<Pod>> byNode = new LinkedHashMap<>();
        pods.forEach(pod -> byNode.computeIfAbsent(DaemonPods.node(pod), _ -> new ArrayList<>())
                .add(pod));
        return byNode;
    }

    private static final class Maker {
        private final DaemonSet set;
        private final String hash;
        private final Collection<Node> nodes;
        private final Map<String, List<Pod>> byNode;
        private final Instant now;
        private final List<String> create = new ArrayList<>();
        private final List<Pod> delete = new ArrayList<>();
        private final List<Pod> ended = new ArrayList<>();

        Maker(DaemonSet set, String hash, Collection<Node> nodes, Collection<Pod> pods, Instant now) {
            this.set = set;
            this.hash = hash;
            this.nodes = nodes;
            this.byNode = byNode(pods);
            this.now = now;
        }

        DaemonPlan make() {
            for (Node node : nodes) {
                place(node, byNode.getOrDefault(node.metadata().name(), List.of()));
            }
            if (!set.spec().updateStrategy().type().equals("OnDelete")) {
                roll();
            }
            return new DaemonPlan(create, delete, ended);
        }

        private int surge() {
            return count(set.spec().updateStrategy().rollingUpdate().maxSurge(), 0);
        }

        private int unavailable() {
            int most = count(set.spec().updateStrategy().rollingUpdate().maxUnavailable(), 1);
            // Neither would be a rollout that never moves.
            return most == 0 && surge() == 0 ? 1 : most;
        }

        private int count(@Nullable IntOrString value, int otherwise) {
            if (value == null) {
                return otherwise;
            }
            int desired = (int) nodes.stream()
                    .filter(node -> DaemonPods.shouldRun(set, node))
                    .count();
            return value.scaled(desired, true);
        }

        private void place(Node node, List<Pod> here) {
            if (!DaemonPods.mayStay(set, node)) {
                here.stream().filter(pod -> !Pods.isTerminating(pod)).forEach(delete::add);
                return;
            }
            List<Pod> running = new ArrayList<>();
            for (Pod pod : here) {
                if (Pods.isTerminating(pod)) {
                    continue;
                }
                if (Pods.isFinished(pod)) {
                    ended.add(pod);
                } else {
                    running.add(pod);
                }
            }
            if (here.isEmpty() && DaemonPods.shouldRun(set, node)) {
                create.add(node.metadata().name());
            } else if (running.size() > 1) {
                thinOut(running);
            }
        }

        /** One pod a node; while a surge replaces one, an old and a new. */
        private void thinOut(List<Pod> running) {
            List<Pod> oldestFirst = running.stream()
                    .sorted(Comparator.comparing(
                                    (Pod pod) -> pod.spec().nodeName().isEmpty())
                            .thenComparing(
                                    pod -> pod.metadata().creationTimestamp(),
                                    Comparator.nullsFirst(Comparator.naturalOrder())))
                    .toList();
            if (surge() == 0) {
                delete.addAll(oldestFirst.subList(1, oldestFirst.size()));
                return;
            }
            List<Pod> fresh = oldestFirst.stream().filter(this::isNew).toList();
            List<Pod> old = oldestFirst.stream().filter(pod -> !isNew(pod)).toList();
            delete.addAll(fresh.subList(Math.min(1, fresh.size()), fresh.size()));
            delete.addAll(old.subList(Math.min(1, old.size()), old.size()));
        }

        private boolean isNew(Pod pod) {
            return hash.equals(pod.metadata().labels().get(History.HASH));
        }

        private boolean available(Pod pod) {
            return Pods.isAvailable(pod, set.spec().minReadySeconds(), now);
        }

        private void roll() {
            int surging = 0;
            int missing = 0;
            List<Pod> free = new ArrayList<>();
            List<Pod> candidates = new ArrayList<>();
            List<String> surgeNow = new ArrayList<>();
            List<String> surgeNext = new ArrayList<>();
            for (Node node : nodes) {
                if (!DaemonPods.shouldRun(set, node)) {
                    continue;
                }
                String name = node.metadata().name();
                List<Pod> here = byNode.getOrDefault(name, List.of()).stream()
                        .filter(pod -> !Pods.isFinished(pod) && !delete.contains(pod))
                        .toList();
                List<Pod> live =
                        here.stream().filter(pod -> !Pods.isTerminating(pod)).toList();
                Pod fresh = live.stream().filter(this::isNew).findFirst().orElse(null);
                Pod old = live.stream().filter(pod -> !isNew(pod)).findFirst().orElse(null);
                if (surge() > 0) {
                    if (old != null && fresh != null) {
                        surging++;
                        if (available(fresh)) {
                            delete.add(old);
                        }
                    } else if (old != null) {
                        (available(old) ? surgeNext : surgeNow).add(name);
                    }
                } else if (old == null) {
                    missing += fresh != null && available(fresh) ? 0 : 1;
                } else if (available(old)) {
                    candidates.add(old);
                } else {
                    missing++;
                    free.add(old);
                }
            }
            delete.addAll(free);
            delete.addAll(candidates.subList(0, Math.clamp(unavailable() - missing, 0, candidates.size())));
            create.addAll(surgeNow);
            create.addAll(surgeNext.subList(0, Math.clamp(surge() - surging, 0, surgeNext.size())));
        }
    }
}
