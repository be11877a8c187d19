package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.custom.CustomRules;
import dev.kite.apiserver.custom.CustomValidation;
import dev.kite.apiserver.custom.DefinitionChecks;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.AdmissionChecks;
import dev.kite.apiserver.validation.AdmissionExpressions;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.validation.Validation;
import dev.kite.cel.CelCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Refuses objects that break their kind's rules: built-in kinds by code, others by schema. Thread-safe. */
public final class Checks {
    private final AdmissionExpressions expressions;
    private final CustomRules rules;
    private final CustomValidation custom;

    /**
     * Checks.
     *
     * @param compiler compiles the rules of custom kinds
     * @param expressions compiles the expressions of admission's configuration
     */
    public Checks(CelCompiler compiler, AdmissionExpressions expressions) {
        this.expressions = expressions;
        rules = new CustomRules(compiler);
        custom = new CustomValidation(rules);
    }

    /**
     * Checks a new object.
     *
     * @param resource its resource
     * @param object the object in the resource's version
     * @throws StatusException 422 where it is not valid
     */
    public void create(ApiResource resource, ObjectNode object) {
        refuse(
                resource,
                object,
                resource.custom() == null
                        ? withDefinition(
                                resource,
                                object,
                                null,
                                Validation.create(
                                        resource.stored().group(),
                                        resource.stored().kind(),
                                        resource.namespaced(),
                                        object))
                        : custom.create(resource, object));
    }

    /**
     * Checks a changed object.
     *
     * @param resource its resource
     * @param object the object as it shall be
     * @param old as it is
     * @param warnings takes warnings for the answer
     * @throws StatusException 422 where it is not valid
     */
    public void update(ApiResource resource, ObjectNode object, ObjectNode old, Consumer<String> warnings) {
        refuse(
                resource,
                object,
                resource.custom() == null
                        ? withDefinition(
                                resource,
                                object,
                                old,
                                Validation.update(
                                        resource.stored().group(),
                                        resource.stored().kind(),
                                        resource.namespaced(),
                                        object,
                                        old))
                        : custom.update(resource, object, old, warnings));
    }

    /**
     * Checks an object whose status was changed.
     *
     * @param resource its resource
     * @param object the object as it shall be
     * @param old as it is
     * @param warnings takes warnings for the answer
     * @throws StatusException 422 where it is not valid
     */
    public void updateStatus(ApiResource resource, ObjectNode object, ObjectNode old, Consumer<String> warnings) {
        refuse(
                resource,
                object,
                resource.custom() == null
                        ? Validation.updateStatus(
                                resource.stored().group(), resource.stored().kind(), resource.namespaced(), object, old)
                        : custom.updateStatus(resource, object, old, warnings));
    }

    private List<FieldError> withDefinition(
            ApiResource resource, ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        if (resource.group().equals("admissionregistration.k8s.io")) {
            return withAdmission(resource, object, old, errors);
        }
        if (!resource.is("apiextensions.k8s.io", "customresourcedefinitions")) {
            return errors;
        }
        List<FieldError> all = new ArrayList<>(errors);
        all.addAll(DefinitionChecks.check(rules, object, old));
        return all;
    }

    private List<FieldError> withAdmission(
            ApiResource resource, ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        if (errors.stream().anyMatch(error -> error.type() == FieldError.Type.TYPE_INVALID)) {
            return errors;
        }
        List<FieldError> all = new ArrayList<>(errors);
        all.addAll(AdmissionChecks.check(resource.stored().kind(), object, old, expressions));
        return all;
    }

    private static void refuse(ApiResource resource, ObjectNode object, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw invalid(resource.group(), resource.kind(), Tree.text(object, "metadata", "name"), errors);
        }
    }

    /**
     * Makes the refusal of an object that isn't valid.
     *
     * @param group its group
     * @param kind its kind
     * @param name its name
     * @param errors what is wrong
     * @return 422
     */
    public static StatusException invalid(String group, String kind, String name, List<FieldError> errors) {
        return Errors.invalid(
                group,
                kind,
                name,
                errors.stream()
                        .map(error -> new StatusException.Cause(error.type().reason(), error.body(), error.field()))
                        .toList());
    }
}
