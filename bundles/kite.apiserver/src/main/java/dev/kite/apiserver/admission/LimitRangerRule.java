package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods and claims get a namespace's default requests and limits, and stay within its bounds. */
public final class LimitRangerRule implements AdmissionRule {
    private final Lookups lookups;

    /**
     * The rule.
     *
     * @param lookups finds LimitRanges
     */
    public LimitRangerRule(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "LimitRanger";
    }

    private List<ObjectNode> limits(Admitting write, String type) {
        List<ObjectNode> found = new ArrayList<>();
        for (ObjectNode range : lookups.list("", "limitranges", write.namespace())) {
            for (ObjectNode item : Tree.objects(range, "spec", "limits")) {
                if (Tree.text(item, "type").equals(type)) {
                    found.add(item);
                }
            }
        }
        return found;
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = write.object();
        if (pod == null || write.operation() != Operation.CREATE || !write.isOf("", "pods")) {
            return;
        }
        for (ObjectNode item : limits(write, "Container")) {
            for (String list : List.of("containers", "initContainers")) {
                for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                    fill(container, "limits", Tree.at(item, "default"));
                    fill(container, "requests", Tree.at(item, "defaultRequest"));
                }
            }
        }
    }

    private static void fill(ObjectNode container, String field, JsonNode defaults) {
        for (Map.Entry<String, JsonNode> amount : Tree.fields(defaults)) {
            if (!Tree.has(container, "resources", field, amount.getKey())) {
                container.withObject("/resources/" + field).set(amount.getKey(), amount.getValue());
            }
        }
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode object = write.object();
        if (object == null || write.operation() == Operation.DELETE) {
            return;
        }
        List<String> problems = new ArrayList<>();
        if (write.isOf("", "pods") && write.operation() == Operation.CREATE) {
            pod(write, object, problems);
        } else if (write.isOf("", "persistentvolumeclaims")) {
            JsonNode requests = Tree.at(object, "spec", "resources", "requests");
            for (ObjectNode item : limits(write, "PersistentVolumeClaim")) {
                bounds("PersistentVolumeClaim", item, requests, requests, problems);
            }
        }
        if (!problems.isEmpty()) {
            String why = problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]";
            throw write.resource().forbidden(write.name(), why);
        }
    }

    private void pod(Admitting write, ObjectNode pod, List<String> problems) {
        for (ObjectNode item : limits(write, "Container")) {
            for (String list : List.of("containers", "initContainers")) {
                for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                    bounds(
                            "Container",
                            item,
                            Tree.at(container, "resources", "requests"),
                            Tree.at(container, "resources", "limits"),
                            problems);
                }
            }
        }
        for (ObjectNode item : limits(write, "Pod")) {
            bounds("Pod", item, Amounts.ofPod(pod, "requests"), Amounts.ofPod(pod, "limits"), problems);
        }
    }

    private static void bounds(
            String type, ObjectNode item, JsonNode requests, JsonNode limits, List<String> problems) {
        for (Map.Entry<String, JsonNode> bound : Tree.fields(item, "min")) {
            minimum(type, bound.getKey(), Quantity.parse(bound.getValue().asText()), requests, limits, problems);
        }
        for (Map.Entry<String, JsonNode> bound : Tree.fields(item, "max")) {
            maximum(type, bound.getKey(), Quantity.parse(bound.getValue().asText()), requests, limits, problems);
        }
        for (Map.Entry<String, JsonNode> bound : Tree.fields(item, "maxLimitRequestRatio")) {
            ratio(type, bound.getKey(), Quantity.parse(bound.getValue().asText()), requests, limits, problems);
        }
    }

    private static void minimum(
            String type, String name, Quantity bound, JsonNode requests, JsonNode limits, List<String> problems) {
        Quantity request = Amounts.at(requests, name);
        Quantity limit = Amounts.at(limits, name);
        if (request == null) {
            problems.add("minimum " + name + " usage per " + type + " is " + bound + ".  No request is specified");
        } else if (request.compareTo(bound) < 0) {
            problems.add("minimum " + name + " usage per " + type + " is " + bound + ", but request is " + request);
        }
        if (limit != null && limit.compareTo(bound) < 0) {
            problems.add("minimum " + name + " usage per " + type + " is " + bound + ", but limit is " + limit);
        }
    }

    private static void maximum(
            String type, String name, Quantity bound, JsonNode requests, JsonNode limits, List<String> problems) {
        Quantity request = Amounts.at(requests, name);
        Quantity limit = Amounts.at(limits, name);
        if (limit == null) {
            problems.add("maximum " + name + " usage per " + type + " is " + bound + ".  No limit is specified");
        } else if (limit.compareTo(bound) > 0) {
            problems.add("maximum " + name + " usage per " + type + " is " + bound + ", but limit is " + limit);
        }
        if (request != null && request.compareTo(bound) > 0) {
            problems.add("maximum " + name + " usage per " + type + " is " + bound + ", but request is " + request);
        }
    }

    private static void ratio(
            String type, String name, Quantity bound, JsonNode requests, JsonNode limits, List<String> problems) {
        @Nullable Quantity request = Amounts.at(requests, name);
        @Nullable Quantity limit = Amounts.at(limits, name);
        if (request == null || limit == null || Amounts.value(request).signum() == 0) {
            problems.add(name + " max limit to request ratio per " + type + " is " + bound
                    + ", but no request is specified or request is 0");
            return;
        }
        BigDecimal actual = Amounts.value(limit).divide(Amounts.value(request), 6, java.math.RoundingMode.HALF_UP);
        if (actual.compareTo(Amounts.value(bound)) > 0) {
            problems.add(name + " max limit to request ratio per " + type + " is " + bound + ", but provided ratio is "
                    + actual);
        }
    }
}
