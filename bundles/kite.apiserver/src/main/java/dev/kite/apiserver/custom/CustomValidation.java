package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.validation.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Validates custom objects: metadata as all objects', the rest by their schema and its rules. Thread-safe. */
public final class CustomValidation {
    private final CustomRules rules;

    /**
     * Validation.
     *
     * @param rules asks the schemas' rules
     */
    public CustomValidation(CustomRules rules) {
        this.rules = rules;
    }

    /**
     * Validates a new object.
     *
     * @param resource its resource
     * @param object the object
     * @return what is wrong, empty if nothing
     */
    public List<FieldError> create(ApiResource resource, ObjectNode object) {
        List<FieldError> errors =
                new ArrayList<>(Validation.create(resource.group(), resource.kind(), resource.namespaced(), object));
        whole(resource, object, null, errors);
        rules(resource, object, null, errors, _ -> {});
        return errors;
    }

    /**
     * Validates a changed object.
     *
     * @param resource its resource
     * @param object the object as it shall be
     * @param old as it is
     * @param warnings is given what is wrong with what the change leaves as it was
     * @return what is wrong, empty if nothing
     */
    public List<FieldError> update(ApiResource resource, ObjectNode object, ObjectNode old, Consumer<String> warnings) {
        List<FieldError> errors = new ArrayList<>(
                Validation.update(resource.group(), resource.kind(), resource.namespaced(), object, old));
        whole(resource, object, old, errors);
        rules(resource, object, old, errors, warnings);
        return errors;
    }

    /**
     * Validates an object whose status was changed: what else is wrong with it is not this write's doing.
     *
     * @param resource its resource
     * @param object the object as it shall be
     * @param old as it is
     * @param warnings is given what is wrong with what the change leaves as it was
     * @return what is wrong, empty if nothing
     */
    public List<FieldError> updateStatus(
            ApiResource resource, ObjectNode object, ObjectNode old, Consumer<String> warnings) {
        List<FieldError> errors = new ArrayList<>(
                Validation.update(resource.group(), resource.kind(), resource.namespaced(), object, old));
        CustomKind kind = resource.custom();
        JsonNode status = object.get("status");
        if (kind != null) {
            JsonNode schema = Tree.at(kind.schema(), "properties", "status");
            if (status != null && schema.isObject()) {
                kind.rules().validation(errors).part(schema, status, "status", old.get("status"));
            }
            scale(kind, object, false, errors);
            lists(kind, object, old, errors);
        }
        rules(resource, object, old, errors, warnings);
        return errors;
    }

    private void rules(
            ApiResource resource,
            ObjectNode object,
            @Nullable ObjectNode old,
            List<FieldError> errors,
            Consumer<String> warnings) {
        CustomKind kind = resource.custom();
        if (kind != null) {
            rules.check(kind.rules(), object, old, errors, warnings);
        }
    }

    private static void whole(
            ApiResource resource, ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        CustomKind kind = resource.custom();
        if (kind == null) {
            return;
        }
        kind.rules().validation(errors).root(kind.schema(), object, old);
        scale(kind, object, true, errors);
        if (kind.rules().embeds()) {
            new EmbeddedChecks(errors).value(kind.schema(), object, "");
        }
        lists(kind, object, old, errors);
    }

    /** A list that broke its type before may go on to. */
    private static void lists(CustomKind kind, ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        if (!kind.rules().typesLists()) {
            return;
        }
        List<FieldError> found = ListTypes.check(kind.schema(), object);
        if (!found.isEmpty()
                && (old == null || ListTypes.check(kind.schema(), old).isEmpty())) {
            errors.addAll(found);
        }
    }

    private static void scale(CustomKind kind, ObjectNode object, boolean spec, List<FieldError> errors) {
        CustomKind.Scale scale = kind.scale();
        if (scale == null) {
            return;
        }
        if (spec) {
            replicas(scale.specReplicas(), object, errors);
        }
        replicas(scale.statusReplicas(), object, errors);
        String selector = scale.labelSelector();
        JsonNode there = at(selector, object);
        if (!selector.isEmpty() && !there.isMissingNode() && !there.isTextual()) {
            errors.add(new FieldError(FieldError.Type.INVALID, selector, there, "accessor error: it is no string"));
        }
    }

    private static void replicas(String path, ObjectNode object, List<FieldError> errors) {
        JsonNode there = at(path, object);
        String wrong = there.isMissingNode()
                ? ""
                : !there.isIntegralNumber()
                        ? "accessor error: it is no integer"
                        : there.longValue() < 0
                                ? "should be a non-negative integer"
                                : there.longValue() > Integer.MAX_VALUE
                                        ? "should be less than or equal to " + Integer.MAX_VALUE
                                        : "";
        if (!wrong.isEmpty()) {
            errors.add(new FieldError(FieldError.Type.INVALID, path, there, wrong));
        }
    }

    private static JsonNode at(String path, ObjectNode object) {
        return path.startsWith(".") ? Tree.at(object, path.substring(1).split("\\.", -1)) : object.path("");
    }
}
