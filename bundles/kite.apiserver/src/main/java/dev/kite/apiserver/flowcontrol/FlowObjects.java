package dev.kite.apiserver.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.patch.FieldOwners;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Creation;
import dev.kite.apiserver.registry.Deletion;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the flow control's objects: makes and repairs the mandatory ones and, as far as their annotation says, the suggested ones, and tells in FlowSchemas'
 * status whether their level is there. One thread at a time.
 */
final class FlowObjects {
    static final String GROUP = "flowcontrol.apiserver.k8s.io";
    static final String LEVELS = "prioritylevelconfigurations";
    static final String SCHEMAS = "flowschemas";
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

    /** Servers that disagree must not write for ever: more often than this within a minute, a status waits. */
    private static final int WRITES_A_MINUTE = 6;

    private final Machinery machinery;
    private final ResourceCatalog catalog;
    private final Incoming incoming;
    private final FieldOwners owners;
    private final Map<String, Deque<Long>> statuses = new HashMap<>();

    FlowObjects(Machinery machinery, ResourceCatalog catalog, Incoming incoming, FieldOwners owners) {
        this.machinery = machinery;
        this.catalog = catalog;
        this.incoming = incoming;
        this.owners = owners;
    }

    private static Intent as(String manager) {
        return new Intent(
                Intent.SERVER.user(), false, manager, Intent.FieldValidation.IGNORE, false, Intent.SERVER.warnings());
    }

    private static Intent producer() {
        return as("api-priority-and-fairness-config-producer-v1");
    }

    /**
     * Makes what is missing, repairs what is to be repaired, and takes away what earlier versions suggested.
     *
     * @param levels those that are there, as far as is known
     * @param schemas likewise
     */
    void ensure(Collection<ObjectNode> levels, Collection<ObjectNode> schemas) {
        ensure(LEVELS, levels, Suggested.suggestedLevels(), Suggested.mandatoryLevels());
        ensure(SCHEMAS, schemas, Suggested.suggestedSchemas(), Suggested.mandatorySchemas());
    }

    private void ensure(
            String plural, Collection<ObjectNode> there, List<ObjectNode> suggested, List<ObjectNode> mandatory) {
        Map<String, ObjectNode> byName = there.stream().collect(Collectors.toMap(FlowObjects::name, object -> object));
        suggested.forEach(wanted -> ensure(plural, byName.get(name(wanted)), wanted, false));
        mandatory.forEach(wanted -> ensure(plural, byName.get(name(wanted)), wanted, true));
        Set<String> ours = Stream.concat(suggested.stream(), mandatory.stream())
                .map(FlowObjects::name)
                .collect(Collectors.toSet());
        there.stream()
                .filter(object -> !ours.contains(name(object)) && TRUE.contains(annotation(object)))
                .forEach(object -> delete(plural, object));
    }

    private void ensure(String plural, @Nullable ObjectNode known, ObjectNode wanted, boolean always) {
        ApiResource resource = resource(plural);
        ObjectNode object = known == null ? machinery.objects().find(GROUP, plural, "", name(wanted)) : known;
        if (object == null) {
            create(resource, wanted);
            return;
        }
        boolean update = always || updates(object);
        String annotation = annotation(object);
        boolean note = update ? !TRUE.contains(annotation) : !FALSE.contains(annotation);
        ObjectNode spec = update ? spec(resource, wanted, object) : null;
        if (note || spec != null) {
            revise(resource, object, spec, note ? update : null);
        }
    }

    private void create(ApiResource resource, ObjectNode wanted) {
        try {
            new Creation(machinery).create(producer(), resource, "", incoming.decode(producer(), resource, wanted));
        } catch (StatusException e) {
            e.throwUnless(409);
        }
    }

    /** The spec as it should be, or null where it is. */
    private @Nullable ObjectNode spec(ApiResource resource, ObjectNode wanted, ObjectNode object) {
        ObjectNode spec = (ObjectNode)
                incoming.decode(producer(), resource, wanted.deepCopy()).path("spec");
        if (spec.path("exempt") instanceof ObjectNode exempt
                && object.path("spec").path("exempt").isObject()) {
            // What exempt requests lend is the administrator's.
            exempt.setAll((ObjectNode) object.path("spec").path("exempt"));
        }
        return plain(spec).equals(plain(object.path("spec"))) ? null : spec;
    }

    /** Numbers of one kind, so that equal is what reads the same. */
    private static JsonNode plain(JsonNode node) {
        return Trees.parse(Trees.write(node));
    }

    private void revise(
            ApiResource resource, ObjectNode object, @Nullable ObjectNode spec, @Nullable Boolean annotation) {
        try {
            new Modification(machinery).change(producer(), new Target(resource, "", "", name(object)), current -> {
                ObjectNode changed = current.deepCopy();
                if (spec != null) {
                    changed.set("spec", spec.deepCopy());
                }
                if (annotation != null) {
                    ObjectNode metadata = Trees.metadata(changed);
                    metadata.withObjectProperty("annotations").put(Suggested.AUTO_UPDATE, annotation.toString());
                }
                // What was changed meanwhile is looked at again, not overwritten.
                Trees.metadata(changed).put("resourceVersion", Tree.text(object, "metadata", "resourceVersion"));
                return changed;
            });
        } catch (StatusException e) {
            e.throwUnless(404, 409);
        }
    }

    private void delete(String plural, ObjectNode object) {
        try {
            new Deletion(machinery)
                    .delete(
                            producer(),
                            new Target(resource(plural), "", "", name(object)),
                            new Deletion.Options(null, "", Tree.text(object, "metadata", "uid"), ""));
        } catch (StatusException e) {
            e.throwUnless(404, 409);
        }
    }

    /** Whether an object that is suggested is kept as suggested: as its annotation says, else if nobody ever changed it. */
    private static boolean updates(ObjectNode object) {
        String value = annotation(object);
        return TRUE.contains(value) || (!FALSE.contains(value) && Tree.number(object, "metadata", "generation") == 1);
    }

    private static String annotation(ObjectNode object) {
        return Tree.text(object, "metadata", "annotations", Suggested.AUTO_UPDATE);
    }

    private static String name(ObjectNode object) {
        return Tree.text(object, "metadata", "name");
    }

    /** Tells in each schema's status whether its level is there. */
    void status(Collection<ObjectNode> levels, Collection<ObjectNode> schemas) {
        Set<String> names = new HashSet<>(Set.of(FlowSchema.EXEMPT, FlowSchema.CATCH_ALL));
        levels.stream()
                .filter(level -> LevelSpec.of(level) != null)
                .map(FlowObjects::name)
                .forEach(names::add);
        statuses.keySet().retainAll(schemas.stream().map(FlowObjects::name).collect(Collectors.toSet()));
        for (ObjectNode schema : schemas) {
            String level = Tree.text(schema, "spec", "priorityLevelConfiguration", "name");
            ObjectNode condition = condition(level, names.contains(level));
            if (!told(schema, condition) && mayWrite(name(schema))) {
                tell(name(schema), condition);
            }
        }
    }

    private static ObjectNode condition(String level, boolean there) {
        String references = "This FlowSchema references the PriorityLevelConfiguration object named \"" + level + "\" ";
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "Dangling")
                .put("status", there ? "False" : "True")
                .put("reason", there ? "Found" : "NotFound")
                .put("message", references + (there ? "and it exists" : "but there is no such object"));
    }

    private static boolean told(ObjectNode schema, ObjectNode condition) {
        return Tree.objects(schema, "status", "conditions").stream()
                .anyMatch(one -> List.of("type", "status", "reason", "message").stream()
                        .allMatch(field -> Tree.text(one, field).equals(Tree.text(condition, field))));
    }

    private boolean mayWrite(String name) {
        long now = machinery.clock().millis();
        Deque<Long> recent = statuses.computeIfAbsent(name, _ -> new ArrayDeque<>());
        while (!recent.isEmpty() && now - recent.getFirst() > 60_000) {
            recent.removeFirst();
        }
        if (recent.size() >= WRITES_A_MINUTE) {
            return false;
        }
        recent.addLast(now);
        return true;
    }

    private void tell(String name, ObjectNode condition) {
        ApiResource resource = resource(SCHEMAS);
        condition.put(
                "lastTransitionTime",
                machinery.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        config.putObject("metadata").put("name", name);
        config.putObject("status").putArray("conditions").add(condition);
        Intent intent = as("api-priority-and-fairness-config-consumer-v1").forApply();
        try {
            new Modification(machinery).change(intent, new Target(resource, "status", "", name), current -> {
                ObjectNode applied = owners.applied(
                        intent, resource, "status", current, incoming.stored(resource, config.deepCopy()));
                Trees.metadata(applied).remove("resourceVersion");
                return incoming.stored(resource, incoming.decode(intent, resource, incoming.served(resource, applied)));
            });
        } catch (StatusException e) {
            e.throwUnless(404);
        }
    }

    private ApiResource resource(String plural) {
        return catalog.require(GROUP, "v1", plural);
    }
}
