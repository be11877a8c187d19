package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Nodes, namespaces, events, configuration, quotas, leases, classes of pods. */
final class ClusterColumns {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    private static final String ROLE_LABEL = "kubernetes.io/role";

    private ClusterColumns() {}

    static final List<Column> NODE = List.of(
            Column.NAME,
            Column.text("Status", "whether it is ready and takes pods", ClusterColumns::nodeStatus),
            Column.text("Roles", "its roles", ClusterColumns::roles),
            Column.AGE,
            Column.text("Version", "its node agent's version", r -> r.text("status", "nodeInfo", "kubeletVersion")),
            Column.text("Internal-IP", "address inside", r -> address(r, "InternalIP"))
                    .wide(),
            Column.text("External-IP", "address outside", r -> address(r, "ExternalIP"))
                    .wide(),
            nodeInfo("OS-Image", "its system", "osImage"),
            nodeInfo("Kernel-Version", "its kernel", "kernelVersion"),
            nodeInfo("Container-Runtime", "what runs containers", "containerRuntimeVersion"));

    static final List<Column> NAMESPACE =
            List.of(Column.NAME, Column.text("Status", "how it stands", r -> r.text("status", "phase")), Column.AGE);

    static final List<Column> EVENT = List.of(
            Column.text("Last Seen", "time since the last time", ClusterColumns::lastSeen),
            Column.text("Type", "Normal or Warning", r -> r.text("type")),
            Column.text("Reason", "why, in a word", r -> r.text("reason")),
            Column.text("Object", "what it is about", ClusterColumns::target),
            Column.text("Subobject", "which part of it", r -> regarding(r, "fieldPath"))
                    .wide(),
            Column.text("Source", "who says so", ClusterColumns::source).wide(),
            Column.text(
                    "Message",
                    "what happened",
                    r -> r.or(r.text("note"), "message").strip()),
            Column.text("First Seen", "time since the first time", ClusterColumns::firstSeen)
                    .wide(),
            Column.text("Count", "how often", ClusterColumns::count).wide(),
            Column.NAME.wide());

    static final List<Column> CONFIG_MAP = List.of(
            Column.NAME, Column.text("Data", "number of keys", r -> r.size("data") + r.size("binaryData")), Column.AGE);

    static final List<Column> SECRET = List.of(
            Column.NAME,
            Column.text("Type", "what sort of secret", r -> r.text("type")),
            Column.text("Data", "number of keys", r -> r.size("data")),
            Column.AGE);

    static final List<Column> AGED = List.of(Column.NAME, Column.AGE);

    static final List<Column> CREATED = List.of(Column.NAME, Column.CREATED);

    static final List<Column> RESOURCE_QUOTA = List.of(
            Column.NAME,
            Column.text("Request", "used of allowed", r -> quota(r, false)),
            Column.text("Limit", "used of allowed limits", r -> quota(r, true)),
            Column.AGE);

    static final List<Column> COMPONENT_STATUS = List.of(
            Column.NAME,
            Column.text("Status", "whether it is healthy", ClusterColumns::health),
            Column.text("Message", "what it says", r -> Tree.text(healthy(r), "message")),
            Column.text("Error", "what is wrong", r -> Tree.text(healthy(r), "error")));

    static final List<Column> LEASE = List.of(
            Column.NAME, Column.text("Holder", "who holds it", r -> r.text("spec", "holderIdentity")), Column.AGE);

    static final List<Column> LEASE_CANDIDATE = List.of(
            Column.NAME,
            Column.text("LeaseName", "the lease it wants", r -> r.text("spec", "leaseName")),
            Column.text("BinaryVersion", "its version", r -> r.text("spec", "binaryVersion")),
            Column.text("EmulationVersion", "the version it acts as", r -> r.text("spec", "emulationVersion")),
            Column.text("Strategy", "how the lease is decided", r -> r.text("spec", "strategy")),
            Column.AGE);

    static final List<Column> PRIORITY_CLASS = List.of(
            Column.NAME,
            Column.number("Value", "its pods' priority", r -> r.number("value")),
            Column.flag("Global-Default", "whether pods get it unasked", r -> r.flag("globalDefault")),
            Column.AGE,
            Column.text("PreemptionPolicy", "whether others make room", r -> r.text("preemptionPolicy")));

    static final List<Column> RUNTIME_CLASS =
            List.of(Column.NAME, Column.text("Handler", "the runtime's handler", r -> r.text("handler")), Column.AGE);

    static final List<Column> VERSION_MIGRATION =
            List.of(Column.NAME, Column.text("Resource", "what is rewritten", ClusterColumns::migrated));

    private static String nodeStatus(Row row) {
        JsonNode ready = row.condition("Ready");
        String words = ready.isMissingNode() ? "Unknown" : row.conditionIs("Ready", "True") ? "Ready" : "NotReady";
        return row.flag("spec", "unschedulable") ? words + ",SchedulingDisabled" : words;
    }

    private static String roles(Row row) {
        TreeSet<String> found = new TreeSet<>();
        for (Map.Entry<String, JsonNode> label : Tree.fields(row.object(), "metadata", "labels")) {
            String key = label.getKey();
            if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
                found.add(key.substring(ROLE_PREFIX.length()));
            } else if (key.equals(ROLE_LABEL) && !label.getValue().asText().isEmpty()) {
                found.add(label.getValue().asText());
            }
        }
        return found.isEmpty() ? Row.NONE : String.join(",", found);
    }

    private static String address(Row row, String type) {
        for (ObjectNode address : row.objects("status", "addresses")) {
            if (Tree.text(address, "type").equals(type)) {
                return Tree.text(address, "address");
            }
        }
        return Row.NONE;
    }

    private static Column nodeInfo(String name, String description, String field) {
        return Column.text(name, description, r -> r.or(Row.UNKNOWN, "status", "nodeInfo", field))
                .wide();
    }

    /** A field of what the event is about: core events say involvedObject, those of events.k8s.io regarding. */
    private static String regarding(Row row, String field) {
        return row.or(row.text("regarding", field), "involvedObject", field);
    }

    private static String target(Row row) {
        String kind = regarding(row, "kind").toLowerCase(Locale.ROOT);
        String name = regarding(row, "name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(Row row) {
        String old = row.or(row.text("deprecatedSource", "component"), "source", "component");
        String component = old.isEmpty() ? row.or(row.text("reportingController"), "reportingComponent") : old;
        String oldHost = row.or(row.text("deprecatedSource", "host"), "source", "host");
        String host = oldHost.isEmpty() ? row.text("reportingInstance") : oldHost;
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static String firstSeen(Row row) {
        String first = row.or(row.text("deprecatedFirstTimestamp"), "firstTimestamp");
        return Age.since(first.isEmpty() ? row.text("eventTime") : first, row.now());
    }

    private static String lastSeen(Row row) {
        if (row.has("series")) {
            return row.since("series", "lastObservedTime");
        }
        String last = row.or(row.text("deprecatedLastTimestamp"), "lastTimestamp");
        return last.isEmpty() ? firstSeen(row) : Age.since(last, row.now());
    }

    private static Object count(Row row) {
        if (row.has("series")) {
            return row.number("series", "count");
        }
        return Math.max(1, Math.max(row.number("count"), row.number("deprecatedCount")));
    }

    private static String quota(Row row, boolean limits) {
        StringBuilder words = new StringBuilder();
        List<Map.Entry<String, JsonNode>> hard = Tree.fields(row.object(), "status", "hard").stream()
                .sorted(Map.Entry.comparingByKey())
                .toList();
        for (Map.Entry<String, JsonNode> entry : hard) {
            if (entry.getKey().startsWith("limits.") == limits) {
                words.append(words.isEmpty() ? "" : ", ")
                        .append(entry.getKey())
                        .append(": ")
                        .append(row.intOrString("0", "status", "used", entry.getKey()))
                        .append('/')
                        .append(entry.getValue().asText());
            }
        }
        return words.toString();
    }

    private static JsonNode healthy(Row row) {
        for (ObjectNode condition : row.objects("conditions")) {
            if (Tree.text(condition, "type").equals("Healthy")) {
                return condition;
            }
        }
        return Tree.at(null);
    }

    private static String health(Row row) {
        return switch (Tree.text(healthy(row), "status")) {
            case "True" -> "Healthy";
            case "False" -> "Unhealthy";
            default -> "Unknown";
        };
    }

    private static String migrated(Row row) {
        String group = row.text("spec", "resource", "group");
        return row.text("spec", "resource", "resource") + (group.isEmpty() ? "" : "." + group);
    }
}
