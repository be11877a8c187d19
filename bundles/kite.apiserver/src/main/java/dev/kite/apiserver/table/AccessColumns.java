package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Role bindings, certificates, admission, fairness and aggregation. */
final class AccessColumns {
    private AccessColumns() {}

    static final List<Column> ROLE_BINDING = List.of(
            Column.NAME,
            Column.text("Role", "what is granted", r -> r.text("roleRef", "kind") + "/" + r.text("roleRef", "name")),
            Column.AGE,
            Column.text("Users", "users who have it", r -> subjects(r, "User")).wide(),
            Column.text("Groups", "groups that have it", r -> subjects(r, "Group"))
                    .wide(),
            Column.text("ServiceAccounts", "accounts that have it", r -> subjects(r, "ServiceAccount"))
                    .wide());

    static final List<Column> SIGNING_REQUEST = List.of(
            Column.NAME,
            Column.AGE,
            Column.text("SignerName", "who shall sign", r -> r.or(Row.NONE, "spec", "signerName")),
            Column.text("Requestor", "who asks", r -> r.text("spec", "username")),
            Column.text("RequestedDuration", "how long it shall hold", AccessColumns::requestedDuration),
            Column.text("Condition", "how it stands", AccessColumns::signingStatus));

    static final List<Column> TRUST_BUNDLE =
            List.of(Column.NAME, Column.text("SignerName", "whose bundle", r -> r.text("spec", "signerName")));

    static final List<Column> POD_CERTIFICATE = List.of(
            Column.NAME,
            Column.text("PodName", "the pod", r -> r.text("spec", "podName")),
            Column.text("ServiceAccountName", "its account", r -> r.text("spec", "serviceAccountName")),
            Column.text("NodeName", "its node", r -> r.text("spec", "nodeName")),
            Column.text("SignerName", "who shall sign", r -> r.text("spec", "signerName")),
            Column.text("State", "how it stands", AccessColumns::podCertificateState),
            Column.AGE);

    static final List<Column> WEBHOOKS =
            List.of(Column.NAME, Column.number("Webhooks", "how many", r -> r.size("webhooks")), Column.AGE);

    private static final Column PARAM_KIND = Column.text(
            "ParamKind",
            "the kind of its parameters",
            r -> r.has("spec", "paramKind")
                    ? r.text("spec", "paramKind", "apiVersion") + "/" + r.text("spec", "paramKind", "kind")
                    : Row.UNSET);

    static final List<Column> VALIDATING_POLICY = List.of(
            Column.NAME,
            Column.number("Validations", "how many", r -> r.size("spec", "validations")),
            PARAM_KIND,
            Column.AGE);

    static final List<Column> MUTATING_POLICY = List.of(
            Column.NAME,
            Column.number("Mutations", "how many", r -> r.size("spec", "mutations")),
            PARAM_KIND,
            Column.AGE);

    static final List<Column> POLICY_BINDING = List.of(
            Column.NAME,
            Column.text("PolicyName", "the policy", r -> r.text("spec", "policyName")),
            Column.text("ParamRef", "its parameters", AccessColumns::paramRef),
            Column.AGE);

    static final List<Column> FLOW_SCHEMA = List.of(
            Column.NAME,
            Column.text(
                    "PriorityLevel",
                    "where its requests go",
                    r -> r.or(Row.NONE, "spec", "priorityLevelConfiguration", "name")),
            Column.text("MatchingPrecedence", "lower is asked first", r -> r.number("spec", "matchingPrecedence")),
            Column.text(
                    "DistinguisherMethod",
                    "how flows differ",
                    r -> r.or(Row.NONE, "spec", "distinguisherMethod", "type")),
            Column.AGE,
            Column.text("MissingPL", "whether its level is missing", AccessColumns::dangling));

    static final List<Column> PRIORITY_LEVEL = List.of(
            Column.NAME,
            Column.text("Type", "Limited or Exempt", r -> r.text("spec", "type")),
            Column.text("NominalConcurrencyShares", "its share", AccessColumns::shares),
            Column.text("Queues", "how many", r -> queuing(r, "queues")),
            Column.text("HandSize", "queues a flow has", r -> queuing(r, "handSize")),
            Column.text("QueueLengthLimit", "longest queue", r -> queuing(r, "queueLengthLimit")),
            Column.AGE);

    static final List<Column> API_SERVICE = List.of(
            Column.NAME,
            Column.text("Service", "who serves it", AccessColumns::service),
            Column.text("Available", "whether it answers", AccessColumns::available),
            Column.AGE);

    static final List<Column> RESOURCE_CLAIM =
            List.of(Column.NAME, Column.text("State", "how it stands", AccessColumns::claimState), Column.AGE);

    static final List<Column> RESOURCE_SLICE = List.of(
            Column.NAME,
            Column.text("Node", "where the devices are", r -> r.or(Row.UNSET, "spec", "nodeName")),
            Column.text("Driver", "whose devices", r -> r.text("spec", "driver")),
            Column.text("Pool", "their pool", r -> r.text("spec", "pool", "name")),
            Column.AGE);

    private static String subjects(Row row, String kind) {
        List<String> found = new ArrayList<>();
        for (ObjectNode subject : row.objects("subjects")) {
            if (Tree.text(subject, "kind").equals(kind)) {
                String name = Tree.text(subject, "name");
                found.add(kind.equals("ServiceAccount") ? Tree.text(subject, "namespace") + "/" + name : name);
            }
        }
        return String.join(", ", found);
    }

    private static String requestedDuration(Row row) {
        return row.has("spec", "expirationSeconds")
                ? Age.human(Duration.ofSeconds(row.number("spec", "expirationSeconds")))
                : Row.NONE;
    }

    private static String signingStatus(Row row) {
        String words = has(row, "Denied") ? "Denied" : has(row, "Approved") ? "Approved" : "Pending";
        if (has(row, "Failed")) {
            words += ",Failed";
        }
        return row.text("status", "certificate").isEmpty() ? words : words + ",Issued";
    }

    private static boolean has(Row row, String condition) {
        return !row.condition(condition).isMissingNode();
    }

    private static String podCertificateState(Row row) {
        for (String state : List.of("Denied", "Failed", "Issued")) {
            if (row.conditionIs(state, "True")) {
                return state;
            }
        }
        return "Pending";
    }

    private static String paramRef(Row row) {
        if (!row.has("spec", "paramRef")) {
            return Row.UNSET;
        }
        String namespace = row.text("spec", "paramRef", "namespace");
        String name = row.or("*", "spec", "paramRef", "name");
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    private static String dangling(Row row) {
        JsonNode condition = row.condition("Dangling");
        return condition.isMissingNode() ? "?" : Tree.text(condition, "status");
    }

    private static String shares(Row row) {
        String part = row.text("spec", "type").equals("Exempt") ? "exempt" : "limited";
        return row.intOrString(Row.NONE, "spec", part, "nominalConcurrencyShares");
    }

    private static String queuing(Row row, String field) {
        return row.intOrString(Row.NONE, "spec", "limited", "limitResponse", "queuing", field);
    }

    private static String service(Row row) {
        return row.has("spec", "service")
                ? row.text("spec", "service", "namespace") + "/" + row.text("spec", "service", "name")
                : "Local";
    }

    private static String available(Row row) {
        JsonNode condition = row.condition("Available");
        if (condition.isMissingNode()) {
            return "Unknown";
        }
        String status = Tree.text(condition, "status");
        return status.equals("True") ? status : status + " (" + Tree.text(condition, "reason") + ")";
    }

    private static String claimState(Row row) {
        List<String> states = new ArrayList<>();
        if (row.deleted()) {
            states.add("deleted");
        }
        if (!row.has("status", "allocation")) {
            if (!row.deleted()) {
                states.add("pending");
            }
        } else {
            states.add("allocated");
            if (row.size("status", "reservedFor") > 0) {
                states.add("reserved");
            }
        }
        return String.join(",", states);
    }
}
