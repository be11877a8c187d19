package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.custom.CustomKind;
import dev.kite.apiserver.patch.PatchType;
import dev.kite.apiserver.patch.Patcher;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Checks;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.Modification.Handling;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.model.schema.Schema;
import dev.kite.store.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and changes how many replicas an object wants, as an autoscaling/v1 Scale. */
public final class ScaleVerb implements Verb {
    private static final String GROUP = "autoscaling";
    private static final String VERSION = "v1";
    private static final CustomKind.Scale BUILT_IN = new CustomKind.Scale(".spec.replicas", ".status.replicas", "");

    private final Objects objects;
    private final Modification modification;
    private final Bodies bodies;
    private final Admits admits;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param objects the objects
     * @param modification changes them
     * @param bodies reads bodies
     * @param admits shows admission what is asked for
     * @param answers writes answers
     */
    public ScaleVerb(Objects objects, Modification modification, Bodies bodies, Admits admits, Answers answers) {
        this.objects = objects;
        this.modification = modification;
        this.bodies = bodies;
        this.admits = admits;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        CustomKind.Scale places = places(resource);
        String name = call.info().name();
        switch (call.info().verb()) {
            case "get" -> {
                Entry entry = objects.entry(resource, call.info().namespace(), name);
                if (entry == null) {
                    throw resource.notFound(name);
                }
                answers.tree(
                        call,
                        200,
                        scale(resource, places, Trees.of(objects.conversions().read(resource, entry))));
            }
            case "update" -> {
                ObjectNode wanted = bodies.read(call, GROUP, VERSION, "Scale");
                answers.tree(call, 200, change(call, resource, places, _ -> wanted));
            }
            case "patch" -> {
                PatchType type = PatchType.of(BodyReader.mediaType(call.exchange()), true);
                if (type == PatchType.APPLY) {
                    throw Errors.unsupportedMediaType(List.of(PatchType.JSON.mediaType(), PatchType.MERGE.mediaType()));
                }
                Patcher patcher = Patcher.parse(type, BodyReader.bytes(call.exchange()));
                answers.tree(call, 200, change(call, resource, places, scale -> patch(patcher, scale)));
            }
            default -> throw Errors.methodNotAllowed();
        }
    }

    private static CustomKind.Scale places(ApiResource resource) {
        if (resource.custom() == null) {
            return BUILT_IN;
        }
        CustomKind.Scale places = resource.custom().scale();
        if (places == null) {
            throw Errors.noSuchResource();
        }
        return places;
    }

    private interface Change {
        ObjectNode apply(ObjectNode scale);
    }

    private static ObjectNode patch(Patcher patcher, ObjectNode scale) {
        String before = Tree.text(scale, "metadata", "resourceVersion");
        ObjectNode patched = Bodies.normal(
                patcher.apply(scale, Schema.builtIn().kind(GROUP, VERSION, "Scale")), GROUP, VERSION, "Scale");
        if (Tree.text(patched, "metadata", "resourceVersion").equals(before)) {
            Trees.metadata(patched).remove("resourceVersion");
        }
        return patched;
    }

    private ObjectNode change(Call call, ApiResource resource, CustomKind.Scale places, Change change) {
        Target target = new Target(
                resource, "scale", call.info().namespace(), call.info().name());
        Modification.Change scaled = Modification.handled(Handling.ADMITTED, current -> {
            ObjectNode wanted = change.apply(scale(resource, places, current));
            admits.updated(call, resource, wanted, scale(resource, places, current));
            long replicas = Tree.number(wanted, "spec", "replicas");
            if (replicas < 0) {
                throw Checks.invalid(
                        GROUP,
                        "Scale",
                        target.name(),
                        List.of(new FieldError(
                                FieldError.Type.INVALID,
                                "spec.replicas",
                                Tree.at(wanted, "spec", "replicas"),
                                "must be greater than or equal to 0")));
            }
            ObjectNode object = current.deepCopy();
            set(object, places.specReplicas(), replicas);
            String version = Tree.text(wanted, "metadata", "resourceVersion");
            if (version.isEmpty()) {
                Trees.metadata(object).remove("resourceVersion");
            } else {
                Trees.metadata(object).put("resourceVersion", version);
            }
            return object;
        });
        return scale(resource, places, modification.change(Intent.of(call), target, scaled));
    }

    private static ObjectNode scale(ApiResource resource, CustomKind.Scale places, ObjectNode object) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", "Scale").put("apiVersion", GROUP + "/" + VERSION);
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = Tree.at(object, "metadata", field);
            if (!value.isMissingNode()) {
                metadata.set(field, value);
            }
        }
        ObjectNode spec = scale.putObject("spec");
        long wanted = number(object, places.specReplicas());
        if (wanted != 0) {
            spec.put("replicas", wanted);
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", number(object, places.statusReplicas()));
        String selector = resource.custom() == null
                ? selector(
                        Tree.at(object, "spec", "selector"), resource.plural().equals("replicationcontrollers"))
                : places.labelSelector().isEmpty()
                        ? ""
                        : at(object, places.labelSelector()).asText("");
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    /** A label selector as text, keys in order. */
    static String selector(JsonNode selector, boolean plain) {
        Map<String, String> terms = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : Tree.fields(plain ? selector : selector.path("matchLabels"))) {
            terms.put(label.getKey(), label.getKey() + "=" + label.getValue().asText());
        }
        if (!plain) {
            for (ObjectNode expression : Tree.objects(selector, "matchExpressions")) {
                String key = Tree.text(expression, "key");
                String values = String.join(
                        ",", Tree.texts(expression, "values").stream().sorted().toList());
                terms.put(
                        key + "\0" + terms.size(),
                        switch (Tree.text(expression, "operator")) {
                            case "In" -> key + " in (" + values + ")";
                            case "NotIn" -> key + " notin (" + values + ")";
                            case "Exists" -> key;
                            default -> "!" + key;
                        });
            }
        }
        return String.join(",", terms.values());
    }

    private static JsonNode at(ObjectNode object, String path) {
        return Tree.at(object, path.substring(1).split("\\."));
    }

    private static long number(ObjectNode object, String path) {
        return at(object, path).asLong(0);
    }

    private static void set(ObjectNode object, String path, long value) {
        int last = path.lastIndexOf('.');
        ObjectNode parent =
                last == 0 ? object : object.withObject(path.substring(0, last).replace('.', '/'));
        parent.put(path.substring(last + 1), value);
    }
}
