package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.validation.Names;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Deployments, replica sets, stateful sets, daemon sets, replication controllers. Stateless. */
final class WorkloadChecks {
    private static final List<String> STATEFUL_MUTABLE = List.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private WorkloadChecks() {}

    static void deployment(At deployment) {
        At spec = deployment.field("spec");
        spec.field("replicas").nonNegative();
        if (selector(spec, "deployment", "invalid label selector")) {
            matching(spec);
            runningTemplate(spec, "ReplicaSet");
        }
        strategy(spec.field("strategy"));
        spec.field("minReadySeconds").nonNegative();
        spec.field("revisionHistoryLimit").nonNegative();
        At deadline = spec.field("progressDeadlineSeconds");
        if (deadline.present()) {
            deadline.nonNegative();
            if (deadline.number() <= spec.field("minReadySeconds").number()) {
                deadline.invalid("must be greater than minReadySeconds");
            }
        }
    }

    private static void strategy(At strategy) {
        if (!List.of("Recreate", "RollingUpdate")
                .contains(strategy.field("type").text())) {
            strategy.unsupported(
                    Internals.of("io.k8s.api.apps.v1.DeploymentStrategy", strategy.node()),
                    "Recreate",
                    "RollingUpdate");
        }
        At rolling = strategy.field("rollingUpdate");
        if (strategy.field("type").text().equals("Recreate") && rolling.present()) {
            rolling.forbidden("may not be specified when strategy `type` is 'Recreate'");
        }
        if (!strategy.field("type").text().equals("RollingUpdate")) {
            return;
        }
        if (rolling.absent()) {
            rolling.required("this should be defaulted and never be nil");
            return;
        }
        At unavailable = rolling.field("maxUnavailable");
        At surge = rolling.field("maxSurge");
        intOrPercent(unavailable);
        intOrPercent(surge);
        if (zero(unavailable) && zero(surge)) {
            unavailable.invalid("may not be 0 when `maxSurge` is 0");
        }
        atMostAll(unavailable);
    }

    /** A number that is not negative, or a percentage. */
    static void intOrPercent(At value) {
        if (value.node().isTextual()) {
            value.each(Names::percent);
        } else {
            value.nonNegative();
        }
    }

    static void atMostAll(At value) {
        if (percent(value.node()) > 100) {
            value.invalid("must not be greater than 100%");
        }
    }

    private static boolean zero(At value) {
        return value.node().isTextual() ? percent(value.node()) == 0 : value.number() == 0;
    }

    /** The number before the %, -1 if it is not a percentage. */
    private static long percent(JsonNode node) {
        String text = node.isTextual() ? node.textValue() : "";
        if (!text.matches("\\d{1,9}%")) {
            return -1;
        }
        return Long.parseLong(text.substring(0, text.length() - 1));
    }

    /** The selector must be there, well formed and not empty; whether templates can be held against it. */
    private static boolean selector(At spec, String kind, String unusable) {
        At selector = spec.field("selector");
        if (selector.absent()) {
            selector.required("");
            return true;
        }
        Selectors.labelSelector(selector);
        if (Selectors.empty(selector.node())) {
            selector.invalid("empty selector is invalid for " + kind);
        }
        if (!Selectors.usable(selector)) {
            selector.invalid(unusable);
            return false;
        }
        return true;
    }

    /** The selector selects the template's pods; one that is not there selects none, an empty one all. */
    private static void matching(At spec) {
        At selector = spec.field("selector");
        JsonNode labels = spec.field("template", "metadata", "labels").node();
        if (selector.absent() || !Selectors.matches(selector.node(), labels)) {
            spec.field("template", "metadata", "labels")
                    .invalid(shown(labels), "`selector` does not match template `labels`");
        }
    }

    private static JsonNode shown(JsonNode labels) {
        return labels.isObject() ? labels : JsonNodeFactory.instance.nullNode();
    }

    /** The template of pods that always run. */
    private static void runningTemplate(At spec, String kind) {
        At template = spec.field("template");
        // Only a StatefulSet has the field.
        Set<String> claims = spec.field("volumeClaimTemplates").items().stream()
                .map(claim -> claim.field("metadata", "name").text())
                .collect(Collectors.toSet());
        PodChecks.template(template, claims);
        always(template, kind);
    }

    private static void always(At template, String kind) {
        At policy = template.field("spec", "restartPolicy");
        if (!policy.text().equals("Always")) {
            policy.unsupported("Always");
        }
        At deadline = template.field("spec", "activeDeadlineSeconds");
        if (deadline.present()) {
            deadline.forbidden("activeDeadlineSeconds in " + kind + " is not Supported");
        }
    }

    static void replicaSet(At set) {
        At spec = set.field("spec");
        spec.field("replicas").nonNegative();
        spec.field("minReadySeconds").nonNegative();
        if (selector(spec, "deployment", "invalid label selector")) {
            matching(spec);
            runningTemplate(spec, "ReplicaSet");
        }
    }

    static void replicationController(At controller) {
        At spec = controller.field("spec");
        spec.field("minReadySeconds").nonNegative();
        At selector = spec.field("selector");
        selector.needed();
        if (spec.field("replicas").absent()) {
            spec.field("replicas").required("");
        }
        spec.field("replicas").nonNegative();
        At template = spec.field("template");
        if (template.absent()) {
            template.required("");
            return;
        }
        JsonNode labels = template.field("metadata", "labels").node();
        for (var pair : selector.entries()) {
            if (!labels.path(pair.getKey()).equals(pair.getValue())) {
                template.field("metadata", "labels")
                        .invalid(shown(labels), "`selector` does not match template `labels`");
                break;
            }
        }
        runningTemplate(spec, "ReplicationController");
    }

    static void statefulSet(At set) {
        At spec = set.field("spec");
        At management = spec.field("podManagementPolicy");
        if (management.needed() && !List.of("OrderedReady", "Parallel").contains(management.text())) {
            management.invalid("must be 'OrderedReady' or 'Parallel'");
        }
        At type = spec.field("updateStrategy", "type");
        At strategy = spec.field("updateStrategy");
        if (type.empty()) {
            strategy.required("");
        } else if (!List.of("RollingUpdate", "OnDelete").contains(type.text())) {
            strategy.invalid(
                    Internals.of("io.k8s.api.apps.v1.StatefulSetUpdateStrategy", strategy.node()),
                    "must be 'RollingUpdate' or 'OnDelete'");
        }
        At rolling = spec.field("updateStrategy", "rollingUpdate");
        if (type.text().equals("OnDelete") && rolling.present()) {
            rolling.invalid(
                    Internals.of("io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy", rolling.node()),
                    "only allowed for updateStrategy 'RollingUpdate'");
        }
        boolean rolls = type.text().equals("RollingUpdate");
        if (rolls) {
            rolling.field("partition").nonNegative();
        }
        At unavailable = rolling.field("maxUnavailable");
        if (rolls && unavailable.present()) {
            intOrPercent(unavailable);
            if (zero(unavailable)) {
                unavailable.invalid("cannot be 0");
            }
            atMostAll(unavailable);
        }
        for (String when : List.of("whenDeleted", "whenScaled")) {
            At policy = spec.field("persistentVolumeClaimRetentionPolicy", when);
            if (spec.field("persistentVolumeClaimRetentionPolicy").present()) {
                policy.oneOfUnder(policy, "Retain", "Delete");
            }
        }
        for (At claim : spec.field("volumeClaimTemplates").items()) {
            StorageChecks.claimSpec(claim.field("spec"));
        }
        spec.field("replicas").nonNegative();
        spec.field("minReadySeconds").nonNegative();
        spec.field("ordinals", "start").nonNegative();
        if (!spec.field("serviceName").empty()) {
            spec.field("serviceName").each(Names::dnsLabel);
        }
        if (selector(spec, "statefulset", "")) {
            matching(spec);
            runningTemplate(spec, "StatefulSet");
        } else {
            always(spec.field("template"), "StatefulSet");
        }
    }

    static void daemonSet(At set) {
        At spec = set.field("spec");
        At selector = spec.field("selector");
        if (selector.present()) {
            Selectors.labelSelector(selector);
        }
        if (Selectors.usable(selector)) {
            matching(spec);
        }
        if (selector.present() && Selectors.empty(selector.node())) {
            selector.invalid("empty selector is invalid for daemonset");
        }
        runningTemplate(spec, "DaemonSet");
        spec.field("minReadySeconds").nonNegative();
        spec.field("revisionHistoryLimit").nonNegative();
        At type = spec.field("updateStrategy", "type");
        if (!List.of("RollingUpdate", "OnDelete").contains(type.text())) {
            At strategy = spec.field("updateStrategy");
            strategy.unsupported(
                    Internals.of("io.k8s.api.apps.v1.DaemonSetUpdateStrategy", strategy.node()),
                    "RollingUpdate",
                    "OnDelete");
        }
        At rolling = spec.field("updateStrategy", "rollingUpdate");
        if (!type.text().equals("RollingUpdate")) {
            return;
        }
        if (rolling.absent()) {
            rolling.required("");
            return;
        }
        At unavailable = rolling.field("maxUnavailable");
        At surge = rolling.field("maxSurge");
        intOrPercent(unavailable);
        intOrPercent(surge);
        atMostAll(unavailable);
        atMostAll(surge);
        if (zero(unavailable) && zero(surge)) {
            unavailable.required("cannot be 0 when maxSurge is 0");
        } else if (!zero(unavailable) && !zero(surge)) {
            surge.invalid("may not be set when maxUnavailable is non-zero");
        }
    }

    static void selectorStays(At object, At old) {
        object.field("spec", "selector").immutable(old.field("spec", "selector"));
    }

    static void statefulSetUpdate(At set, At old) {
        At spec = set.field("spec");
        for (String field : fieldNames(spec.node(), old.field("spec").node())) {
            if (!STATEFUL_MUTABLE.contains(field) && !spec.field(field).same(old.field("spec", field))) {
                spec.forbidden(
                        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                                + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
                return;
            }
        }
    }

    private static List<String> fieldNames(JsonNode one, JsonNode other) {
        return Stream.concat(Tree.fields(one).stream(), Tree.fields(other).stream())
                .map(Map.Entry::getKey)
                .distinct()
                .sorted()
                .toList();
    }

    /** Counts in a status. */
    static void counts(At object) {
        for (var field : object.field("status").entries()) {
            if (field.getValue().isNumber()) {
                object.field("status", field.getKey()).nonNegative();
            }
        }
    }

    static void controllerRevision(At revision) {
        if (revision.field("data").absent()) {
            revision.field("data").required("data is mandatory");
        }
        revision.field("revision").nonNegative();
    }

    static void controllerRevisionUpdate(At revision, At old) {
        revision.field("data").immutable(old.field("data"));
    }

    static void scale(At scale) {
        scale.field("spec", "replicas").nonNegative();
    }
}
