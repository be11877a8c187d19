package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a pod does, in one word; how many of its containers are ready; how often they were restarted. */
record PodSummary(String ready, String status, String restarts) {
    static PodSummary of(Row row) {
        return new Reading(row).summary();
    }

    /** One pass over a pod's statuses. Confined to its thread. */
    private static final class Reading {
        private final Row row;
        private final Set<String> sidecars = new HashSet<>();
        private final Restarts sidecarRestarts = new Restarts();
        private Restarts restarts = new Restarts();
        private int ready;
        private int total;
        private String reason;
        private boolean initializing;

        Reading(Row row) {
            this.row = row;
            this.reason = row.or(row.text("status", "phase"), "status", "reason");
        }

        PodSummary summary() {
            total = row.objects("spec", "containers").size();
            if (Tree.text(row.condition("PodScheduled"), "reason").equals("SchedulingGated")) {
                reason = "SchedulingGated";
            }
            initContainers();
            if (!initializing || row.conditionIs("Initialized", "True")) {
                restarts = sidecarRestarts;
                containers();
            }
            if (row.deleted()) {
                deleted();
            }
            return new PodSummary(ready + "/" + total, reason, restarts.words(row.now()));
        }

        private void initContainers() {
            List<ObjectNode> specs = row.objects("spec", "initContainers");
            for (ObjectNode spec : specs) {
                if (Tree.text(spec, "restartPolicy").equals("Always")) {
                    sidecars.add(Tree.text(spec, "name"));
                    total++;
                }
            }
            int index = 0;
            for (ObjectNode status : row.objects("status", "initContainerStatuses")) {
                boolean sidecar = sidecars.contains(Tree.text(status, "name"));
                restarts.add(status);
                if (sidecar) {
                    sidecarRestarts.add(status);
                }
                if (!initDone(status, sidecar)) {
                    reason = initReason(status, index, specs.size());
                    initializing = true;
                    return;
                }
                index++;
            }
        }

        private boolean initDone(ObjectNode status, boolean sidecar) {
            JsonNode terminated = Tree.at(status, "state", "terminated");
            if (terminated.isObject() && Tree.number(terminated, "exitCode") == 0) {
                return true;
            }
            if (sidecar && Tree.flag(status, "started")) {
                if (Tree.flag(status, "ready")) {
                    ready++;
                }
                return true;
            }
            return false;
        }

        private static String initReason(ObjectNode status, int index, int count) {
            JsonNode terminated = Tree.at(status, "state", "terminated");
            if (terminated.isObject()) {
                return "Init:" + ended(terminated);
            }
            String waiting = Tree.text(status, "state", "waiting", "reason");
            if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                return "Init:" + waiting;
            }
            return "Init:" + index + "/" + count;
        }

        private static String ended(JsonNode terminated) {
            String reason = Tree.text(terminated, "reason");
            if (!reason.isEmpty()) {
                return reason;
            }
            long signal = Tree.number(terminated, "signal");
            return signal != 0 ? "Signal:" + signal : "ExitCode:" + Tree.number(terminated, "exitCode");
        }

        private void containers() {
            boolean running = false;
            List<ObjectNode> statuses = new ArrayList<>(row.objects("status", "containerStatuses"));
            for (ObjectNode status : statuses.reversed()) {
                restarts.add(status);
                String waiting = Tree.text(status, "state", "waiting", "reason");
                JsonNode terminated = Tree.at(status, "state", "terminated");
                if (!waiting.isEmpty()) {
                    reason = waiting;
                } else if (terminated.isObject()) {
                    reason = ended(terminated);
                } else if (Tree.flag(status, "ready") && Tree.has(status, "state", "running")) {
                    running = true;
                    ready++;
                }
            }
            if (running && reason.equals("Completed")) {
                reason = row.conditionIs("Ready", "True") ? "Running" : "NotReady";
            }
        }

        private void deleted() {
            String phase = row.text("status", "phase");
            if (row.text("status", "reason").equals("NodeLost")) {
                reason = "Unknown";
            } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                reason = "Terminating";
            }
        }
    }

    /** Restarts and when the last one's container ended. */
    private static final class Restarts {
        private long count;
        private Instant last = Instant.MIN;

        void add(ObjectNode status) {
            count += Tree.number(status, "restartCount");
            Instant ended = Age.parse(Tree.text(status, "lastState", "terminated", "finishedAt"));
            if (ended != null && ended.isAfter(last)) {
                last = ended;
            }
        }

        String words(Instant now) {
            if (count == 0 || last.equals(Instant.MIN)) {
                return Long.toString(count);
            }
            return count + " (" + Age.human(Duration.between(last, now)) + " ago)";
        }
    }
}
