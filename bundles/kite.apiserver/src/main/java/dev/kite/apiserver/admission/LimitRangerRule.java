package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Pods and claims get a namespace's default requests and limits, and stay within its bounds. */
public final class LimitRangerRule implements AdmissionRule {
    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

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

    private List<ObjectNode> ranges(Admitting write) {
        return lookups.list("", "limitranges", write.namespace());
    }

    private static List<ObjectNode> items(ObjectNode range, String type) {
        return Tree.objects(range, "spec", "limits").stream()
                .filter(item -> Tree.text(item, "type").equals(type))
                .toList();
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = write.object();
        if (pod == null || write.operation() != Operation.CREATE || !write.isOf("", "pods")) {
            return;
        }
        for (ObjectNode range : ranges(write)) {
            List<String> set = new ArrayList<>();
            List<ObjectNode> items = items(range, "Container");
            fill(pod, "containers", "container", items, set);
            fill(pod, "initContainers", "init container", items, set);
            if (!set.isEmpty()) {
                ObjectNode metadata = Trees.metadata(pod);
                ObjectNode annotations = metadata.get("annotations") instanceof ObjectNode there
                        ? there
                        : metadata.putObject("annotations");
                annotations.put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", set));
            }
        }
    }

    private static void fill(ObjectNode pod, String list, String sort, List<ObjectNode> items, List<String> set) {
        for (ObjectNode container : Tree.objects(pod, "spec", list)) {
            // Before any is filled in: what one item gives for limits is no reason to leave another's requests out.
            TreeSet<String> requests = new TreeSet<>();
            TreeSet<String> limits = new TreeSet<>();
            for (ObjectNode item : items) {
                fill(container, "limits", Tree.at(item, "default"), limits);
                fill(container, "requests", Tree.at(item, "defaultRequest"), requests);
            }
            String name = sort + " " + Tree.text(container, "name");
            if (!requests.isEmpty()) {
                set.add(String.join(", ", requests) + " request for " + name);
            }
            if (!limits.isEmpty()) {
                set.add(String.join(", ", limits) + " limit for " + name);
            }
        }
    }

    private static void fill(ObjectNode container, String field, JsonNode defaults, Set<String> set) {
        for (Map.Entry<String, JsonNode> amount : Tree.fields(defaults)) {
            // Of several items' defaults the last counts, as upstream has it.
            if (set.contains(amount.getKey()) || !Tree.has(container, "resources", field, amount.getKey())) {
                container.withObject("/resources/" + field).set(amount.getKey(), amount.getValue());
                set.add(amount.getKey());
            }
        }
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode object = write.object();
        boolean made = write.isOf("", "pods") && write.operation() == Operation.CREATE;
        boolean resized = write.resource().is("", "pods") && write.subresource().equals("resize");
        boolean pod = made || resized;
        boolean claim = write.isOf("", "persistentvolumeclaims") && write.operation() != Operation.DELETE;
        if (object == null || (!pod && !claim) || Tree.has(write.old(), "metadata", "deletionTimestamp")) {
            return;
        }
        for (ObjectNode range : ranges(write)) {
            Set<String> problems = new LinkedHashSet<>();
            if (pod) {
                pod(range, object, problems);
            } else {
                claim(range, object, problems);
            }
            if (!problems.isEmpty()) {
                String all = String.join(", ", problems);
                throw write.resource().forbidden(write.name(), problems.size() == 1 ? all : "[" + all + "]");
            }
        }
    }

    private static void claim(ObjectNode range, ObjectNode claim, Set<String> problems) {
        JsonNode requests = Tree.at(claim, "spec", "resources", "requests");
        for (ObjectNode item : items(range, "PersistentVolumeClaim")) {
            Bounds bounds = new Bounds("PersistentVolumeClaim", requests, MissingNode.getInstance(), problems);
            each(item, "min", bounds::minimum);
            each(item, "max", bounds::maximumRequest);
        }
    }

    private static void pod(ObjectNode range, ObjectNode pod, Set<String> problems) {
        for (ObjectNode item : Tree.objects(range, "spec", "limits")) {
            switch (Tree.text(item, "type")) {
                case "Container" -> {
                    for (String list : List.of("containers", "initContainers")) {
                        for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                            check(
                                    item,
                                    new Bounds(
                                            "Container",
                                            Tree.at(container, "resources", "requests"),
                                            Tree.at(container, "resources", "limits"),
                                            problems));
                        }
                    }
                }
                case "Pod" ->
                    check(
                            item,
                            new Bounds("Pod", Amounts.ofPod(pod, "requests"), Amounts.ofPod(pod, "limits"), problems));
                default -> {}
            }
        }
    }

    private static void check(ObjectNode item, Bounds bounds) {
        each(item, "min", bounds::minimum);
        each(item, "max", bounds::maximum);
        each(item, "maxLimitRequestRatio", bounds::ratio);
    }

    private static void each(ObjectNode item, String field, BiConsumer<String, Quantity> check) {
        for (Map.Entry<String, JsonNode> bound : Tree.fields(item, field)) {
            Quantity quantity = Amounts.at(Tree.at(item, field), bound.getKey());
            if (quantity != null) {
                check.accept(bound.getKey(), quantity);
            }
        }
    }

    /** Compares what is asked for with one bound; each finds one thing wrong at most. */
    private record Bounds(String type, JsonNode requests, JsonNode limits, Set<String> problems) {
        void minimum(String name, Quantity bound) {
            Quantity request = Amounts.at(requests, name);
            Quantity limit = Amounts.at(limits, name);
            String words = "minimum " + name + " usage per " + type + " is " + bound;
            if (request == null) {
                problems.add(words + ".  No request is specified");
            } else if (request.compareTo(bound) < 0) {
                problems.add(words + ", but request is " + request);
            } else if (limit != null && limit.compareTo(bound) < 0) {
                problems.add(words + ", but limit is " + limit);
            }
        }

        void maximumRequest(String name, Quantity bound) {
            Quantity request = Amounts.at(requests, name);
            String words = "maximum " + name + " usage per " + type + " is " + bound;
            if (request == null) {
                problems.add(words + ".  No request is specified");
            } else if (request.compareTo(bound) > 0) {
                problems.add(words + ", but request is " + request);
            }
        }

        void maximum(String name, Quantity bound) {
            Quantity request = Amounts.at(requests, name);
            Quantity limit = Amounts.at(limits, name);
            String words = "maximum " + name + " usage per " + type + " is " + bound;
            if (limit == null) {
                problems.add(words + ".  No limit is specified");
            } else if (limit.compareTo(bound) > 0) {
                problems.add(words + ", but limit is " + limit);
            } else if (request != null && request.compareTo(bound) > 0) {
                problems.add(words + ", but request is " + request);
            }
        }

        void ratio(String name, Quantity bound) {
            Quantity request = Amounts.at(requests, name);
            Quantity limit = Amounts.at(limits, name);
            String words = name + " max limit to request ratio per " + type + " is " + bound;
            if (request == null || request.isZero()) {
                problems.add(words + ", but no request is specified or request is 0");
            } else if (limit == null || limit.isZero()) {
                problems.add(words + ", but no limit is specified or limit is 0");
            } else {
                BigDecimal actual = Amounts.value(limit).divide(Amounts.value(request), 6, RoundingMode.HALF_UP);
                if (actual.compareTo(Amounts.value(bound)) > 0) {
                    problems.add(words + ", but provided ratio is " + actual.toPlainString());
                }
            }
        }
    }
}
