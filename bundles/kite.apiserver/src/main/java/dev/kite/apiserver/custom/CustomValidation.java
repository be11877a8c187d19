package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.validation.Validation;
import java.util.ArrayList;
import java.util.List;

/** Validates custom objects: metadata as all objects', the rest by their schema. Stateless. */
public final class CustomValidation {
    private CustomValidation() {}

    /**
     * Validates a new object.
     *
     * @param resource its resource
     * @param object the object
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> create(ApiResource resource, ObjectNode object) {
        List<FieldError> errors =
                new ArrayList<>(Validation.create(resource.group(), resource.kind(), resource.namespaced(), object));
        schema(resource, object, errors);
        return errors;
    }

    /**
     * Validates a changed object.
     *
     * @param resource its resource
     * @param object the object as it shall be
     * @param old as it is
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> update(ApiResource resource, ObjectNode object, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>(
                Validation.update(resource.group(), resource.kind(), resource.namespaced(), object, old));
        schema(resource, object, errors);
        return errors;
    }

    private static void schema(ApiResource resource, ObjectNode object, List<FieldError> errors) {
        if (resource.custom() != null) {
            new SchemaValidation(errors).root(resource.custom().schema(), object);
        }
    }
}
