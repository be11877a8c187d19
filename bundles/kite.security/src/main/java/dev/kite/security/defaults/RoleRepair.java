package dev.kite.security.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.security.rbac.RbacJson;
import dev.kite.security.rbac.RuleCover;
import java.util.List;
import java.util.Map;

/** Adds to an object what the default has and it lacks. Nothing is taken away: what an administrator added stays. */
final class RoleRepair {
    private RoleRepair() {}

    /** Repairs in place; says whether anything changed. */
    static boolean repair(ObjectNode wanted, ObjectNode found) {
        boolean changed = fields(wanted.path("metadata"), found.withObject("/metadata"), "labels");
        changed |= fields(wanted.path("metadata"), found.withObject("/metadata"), "annotations");
        changed |= elements(wanted, found, "subjects");
        changed |= aggregation(wanted, found);
        // Rules of a sum are its controller's.
        if (!wanted.has("aggregationRule")) {
            changed |= rules(wanted, found);
        }
        return changed;
    }

    private static boolean fields(JsonNode wanted, ObjectNode found, String field) {
        boolean changed = false;
        for (Map.Entry<String, JsonNode> entry : wanted.path(field).properties()) {
            ObjectNode map = found.get(field) instanceof ObjectNode there ? there : found.putObject(field);
            if (!map.has(entry.getKey())) {
                map.set(entry.getKey(), entry.getValue());
                changed = true;
            }
        }
        return changed;
    }

    private static boolean elements(JsonNode wanted, ObjectNode found, String field) {
        boolean changed = false;
        for (JsonNode element : wanted.path(field)) {
            ArrayNode list = found.get(field) instanceof ArrayNode there ? there : found.putArray(field);
            if (!contains(list, element)) {
                list.add(element);
                changed = true;
            }
        }
        return changed;
    }

    private static boolean contains(ArrayNode list, JsonNode element) {
        for (JsonNode there : list) {
            if (there.equals(element)) {
                return true;
            }
        }
        return false;
    }

    private static boolean aggregation(ObjectNode wanted, ObjectNode found) {
        if (!wanted.has("aggregationRule")) {
            return false;
        }
        return elements(wanted.path("aggregationRule"), found.withObject("/aggregationRule"), "clusterRoleSelectors");
    }

    private static boolean rules(ObjectNode wanted, ObjectNode found) {
        boolean changed = false;
        for (JsonNode rule : wanted.path("rules")) {
            ArrayNode list = found.get("rules") instanceof ArrayNode there ? there : found.putArray("rules");
            if (!RuleCover.uncovered(RbacJson.rules(found.path("rules")), List.of(RbacJson.rule(rule)))
                    .isEmpty()) {
                list.add(rule);
                changed = true;
            }
        }
        return changed;
    }
}
