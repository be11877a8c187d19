package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What makes pods: apps, batch, replication controllers, disruption budgets. */
final class WorkloadColumns {
    private WorkloadColumns() {}

    private static final Column CONTAINERS = Column.containers("spec", "template");
    private static final Column IMAGES = Column.images("spec", "template");
    private static final Column SELECTOR = Column.text(
                    "Selector", "which pods are its own", r -> r.selector("spec", "selector"))
            .wide();
    private static final Column DESIRED = Column.number("Desired", "pods wanted", r -> r.number("spec", "replicas"));
    private static final Column CURRENT =
            Column.number("Current", "pods there are", r -> r.number("status", "replicas"));
    private static final Column READY = Column.number("Ready", "pods ready", r -> r.number("status", "readyReplicas"));
    private static final Column READY_OF_ALL = Column.text(
            "Ready",
            "pods ready of all",
            r -> r.number("status", "readyReplicas") + "/" + r.number("spec", "replicas"));

    static final List<Column> DEPLOYMENT = List.of(
            Column.NAME,
            READY_OF_ALL,
            Column.text("Up-to-date", "pods of the newest template", r -> r.number("status", "updatedReplicas")),
            Column.text("Available", "pods available", r -> r.number("status", "availableReplicas")),
            Column.AGE,
            CONTAINERS,
            IMAGES,
            SELECTOR);

    static final List<Column> REPLICA_SET =
            List.of(Column.NAME, DESIRED, CURRENT, READY, Column.AGE, CONTAINERS, IMAGES, SELECTOR);

    static final List<Column> REPLICATION_CONTROLLER = List.of(
            Column.NAME,
            DESIRED,
            CURRENT,
            READY,
            Column.AGE,
            CONTAINERS,
            IMAGES,
            Column.text("Selector", "which pods are its own", r -> r.labels("spec", "selector"))
                    .wide());

    static final List<Column> STATEFUL_SET = List.of(Column.NAME, READY_OF_ALL, Column.AGE, CONTAINERS, IMAGES);

    static final List<Column> DAEMON_SET = List.of(
            Column.NAME,
            Column.number("Desired", "nodes that should run it", r -> r.number("status", "desiredNumberScheduled")),
            Column.number("Current", "nodes that have a pod", r -> r.number("status", "currentNumberScheduled")),
            Column.number("Ready", "nodes with a ready pod", r -> r.number("status", "numberReady")),
            Column.number(
                    "Up-to-date", "nodes with the newest template", r -> r.number("status", "updatedNumberScheduled")),
            Column.number("Available", "nodes with an available pod", r -> r.number("status", "numberAvailable")),
            Column.text("Node Selector", "which nodes", r -> r.labels("spec", "template", "spec", "nodeSelector")),
            Column.AGE,
            CONTAINERS,
            IMAGES,
            SELECTOR);

    static final List<Column> JOB = List.of(
            Column.NAME,
            Column.text("Status", "how it stands", WorkloadColumns::jobStatus),
            Column.text("Completions", "pods done of all", WorkloadColumns::completions),
            Column.text("Duration", "time from start to end or now", WorkloadColumns::duration),
            Column.AGE,
            CONTAINERS,
            IMAGES,
            SELECTOR);

    static final List<Column> CRON_JOB = List.of(
            Column.NAME,
            Column.text("Schedule", "when, in cron's format", r -> r.text("spec", "schedule")),
            Column.text("Timezone", "the schedule's zone", r -> r.or(Row.NONE, "spec", "timeZone")),
            Column.flag("Suspend", "whether it pauses", WorkloadColumns::suspended),
            Column.number("Active", "jobs running", r -> r.size("status", "active")),
            Column.text("Last Schedule", "time since the last run", WorkloadColumns::lastSchedule),
            Column.AGE,
            Column.containers("spec", "jobTemplate", "spec", "template"),
            Column.images("spec", "jobTemplate", "spec", "template"),
            Column.text(
                            "Selector",
                            "which pods are its own",
                            r -> r.selector("spec", "jobTemplate", "spec", "selector"))
                    .wide());

    static final List<Column> CONTROLLER_REVISION = List.of(
            Column.NAME,
            Column.text("Controller", "whose revision it is", WorkloadColumns::controller),
            Column.number("Revision", "its number", r -> r.number("revision")),
            Column.AGE);

    static final List<Column> DISRUPTION_BUDGET = List.of(
            Column.NAME,
            Column.text("Min Available", "pods that must stay", r -> r.intOrString("N/A", "spec", "minAvailable")),
            Column.text("Max Unavailable", "pods that may miss", r -> r.intOrString("N/A", "spec", "maxUnavailable")),
            Column.number("Allowed Disruptions", "pods that may go now", r -> r.number("status", "disruptionsAllowed")),
            Column.AGE);

    static final List<Column> SCALE = List.of(
            Column.NAME,
            Column.number("Desired", "pods wanted", r -> r.number("spec", "replicas")),
            Column.number("Available", "pods there are", r -> r.number("status", "replicas")),
            Column.AGE);

    private static String jobStatus(Row row) {
        if (row.conditionIs("Complete", "True")) {
            return "Complete";
        }
        if (row.conditionIs("Failed", "True")) {
            return "Failed";
        }
        if (row.deleted()) {
            return "Terminating";
        }
        for (String condition : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
            if (row.conditionIs(condition, "True")) {
                return condition;
            }
        }
        return "Running";
    }

    private static String completions(Row row) {
        long done = row.number("status", "succeeded");
        if (row.has("spec", "completions")) {
            return done + "/" + row.number("spec", "completions");
        }
        long parallelism = row.number("spec", "parallelism");
        return parallelism > 1 ? done + "/1 of " + parallelism : done + "/1";
    }

    private static String duration(Row row) {
        Instant start = Age.parse(row.text("status", "startTime"));
        if (start == null) {
            return "";
        }
        Instant end = Age.parse(row.text("status", "completionTime"));
        return Age.human(Duration.between(start, end == null ? row.now() : end));
    }

    private static @Nullable Object suspended(Row row) {
        return row.has("spec", "suspend") ? (row.flag("spec", "suspend") ? "True" : "False") : Row.UNSET;
    }

    private static String lastSchedule(Row row) {
        return row.has("status", "lastScheduleTime") ? row.since("status", "lastScheduleTime") : Row.NONE;
    }

    private static String controller(Row row) {
        for (ObjectNode owner : row.objects("metadata", "ownerReferences")) {
            if (Tree.flag(owner, "controller")) {
                String version = Tree.text(owner, "apiVersion");
                int slash = version.indexOf('/');
                String group = slash < 0 ? "" : "." + version.substring(0, slash);
                return (Tree.text(owner, "kind") + group).toLowerCase(Locale.ROOT) + "/" + Tree.text(owner, "name");
            }
        }
        return Row.NONE;
    }
}
