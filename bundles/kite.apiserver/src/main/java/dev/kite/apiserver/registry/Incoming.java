package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.defaults.Defaults;
import dev.kite.apiserver.request.BodyReader.Body;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.Intent.FieldValidation;
import dev.kite.apiserver.storage.KindForms;
import dev.kite.apiserver.storage.Normalizer;
import dev.kite.apiserver.storage.ObjectForm;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** Makes objects of what clients send: checked for their kind, brought into its form, with defaults. Thread-safe. */
public final class Incoming {
    /** Upstream's bound on what strict decoding reports. */
    private static final int MOST_PROBLEMS = 100;

    private final ObjectForm forms;

    /**
     * Decodes by forms.
     *
     * @param forms knows what kinds look like
     */
    public Incoming(ObjectForm forms) {
        this.forms = forms;
    }

    /**
     * Makes an object of a body.
     *
     * @param intent says what becomes of unknown fields
     * @param resource the resource
     * @param body the body
     * @return the object in the resource's version, normalized, with defaults
     * @throws dev.kite.apiserver.request.StatusException 400 where it is none
     */
    public ObjectNode decode(Intent intent, ApiResource resource, Body body) {
        ObjectNode given = body.object();
        check(resource, given);
        given.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        return decode(intent, resource, given, body.repeated());
    }

    /**
     * Makes an object of a tree that a patch made.
     *
     * @param intent says what becomes of unknown fields
     * @param resource the resource
     * @param tree the tree
     * @return the object in the resource's version, normalized, with defaults
     * @throws dev.kite.apiserver.request.StatusException 400 where it is none
     */
    public ObjectNode decode(Intent intent, ApiResource resource, ObjectNode tree) {
        tree.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        return decode(intent, resource, tree, List.of());
    }

    /**
     * Brings an object in stored form, changed by somebody on the way, into its kind's form.
     *
     * @param resource the resource
     * @param object the object in stored form
     * @return the object, normalized, with defaults
     */
    public ObjectNode reform(ApiResource resource, ObjectNode object) {
        if (resource.custom() != null) {
            return decode(Intent.SERVER, resource, object, List.of());
        }
        ObjectNode normal = KindForms.canonical(resource, object);
        ApiResource.Stored stored = resource.stored();
        Defaults.apply(stored.group(), stored.version(), stored.kind(), normal);
        return normal;
    }

    /**
     * Makes a stored object one of the resource's version.
     *
     * @param resource the resource
     * @param stored the object; it may be changed
     * @return the object in the resource's version
     */
    public ObjectNode served(ApiResource resource, ObjectNode stored) {
        return Conversion.serve(resource, stored);
    }

    /**
     * Makes an object of the resource's version one as it is stored.
     *
     * @param resource the resource
     * @param served the object; it may be changed
     * @return the object in stored form
     */
    public ObjectNode stored(ApiResource resource, ObjectNode served) {
        return Conversion.store(resource, served);
    }

    private ObjectNode decode(Intent intent, ApiResource resource, ObjectNode tree, List<String> repeated) {
        ObjectForm.Normal normal;
        try {
            normal = forms.normalize(resource, tree);
        } catch (Normalizer.MistypedException e) {
            throw Errors.badRequest(unhandled(resource) + e.getMessage());
        }
        List<String> problems = new ArrayList<>();
        normal.unknown().stream().limit(MOST_PROBLEMS).forEach(path -> problems.add("unknown field \"" + path + "\""));
        // Typed decoding tells what is unknown first, that of custom objects what is repeated.
        problems.addAll(resource.custom() == null ? problems.size() : 0, repeated);
        if (!problems.isEmpty()) {
            complain(intent, resource, problems);
        }
        if (resource.custom() == null) {
            Defaults.apply(resource.group(), resource.version(), resource.kind(), normal.object());
        }
        return normal.object();
    }

    /**
     * Checks the configuration of an apply, which may hold nothing that its kind doesn't know, whatever fieldValidation says.
     *
     * @param intent says what becomes of repeated fields
     * @param resource the resource
     * @param body the configuration; not changed
     * @throws dev.kite.apiserver.request.StatusException 400 where it is wrong
     */
    public void checkConfiguration(Intent intent, ApiResource resource, Body body) {
        ObjectNode given = body.object().deepCopy();
        check(resource, given);
        ObjectForm.Normal normal;
        try {
            normal = forms.normalize(resource, given);
        } catch (Normalizer.MistypedException e) {
            throw Errors.badRequest(unhandled(resource) + e.getMessage());
        }
        if (!normal.unknown().isEmpty()) {
            List<String> undeclared = normal.unknown().stream()
                    .limit(MOST_PROBLEMS)
                    .map(path -> "." + path + ": field not declared in schema")
                    .toList();
            throw Errors.badRequest("failed to create typed patch object ("
                    + Tree.text(given, "metadata", "namespace") + "/" + Tree.text(given, "metadata", "name") + "; "
                    + resource.apiVersion() + ", Kind=" + resource.kind() + "): "
                    + (undeclared.size() == 1
                            ? undeclared.getFirst()
                            : "errors:\n  " + String.join("\n  ", undeclared)));
        }
        for (String repeated : body.repeated()) {
            if (intent.fieldValidation() == FieldValidation.STRICT) {
                throw Errors.badRequest("error strict decoding YAML: error converting YAML to JSON: " + repeated);
            }
            if (intent.fieldValidation() == FieldValidation.WARN) {
                intent.warnings().accept("error converting YAML to JSON: " + repeated);
            }
        }
    }

    private static void complain(Intent intent, ApiResource resource, List<String> problems) {
        if (intent.fieldValidation() == FieldValidation.STRICT) {
            throw Errors.badRequest(unhandled(resource) + "strict decoding error: " + String.join(", ", problems));
        }
        if (intent.fieldValidation() == FieldValidation.WARN) {
            problems.forEach(intent.warnings());
        }
    }

    private static void check(ApiResource resource, ObjectNode given) {
        String apiVersion = Tree.text(given, "apiVersion");
        String kind = Tree.text(given, "kind");
        if (!apiVersion.isEmpty() && !apiVersion.equals(resource.apiVersion())) {
            throw Errors.badRequest("the API version in the data (" + apiVersion
                    + ") does not match the expected API version (" + resource.apiVersion() + ")");
        }
        if (!kind.isEmpty() && !kind.equals(resource.kind())) {
            throw Errors.badRequest(kind + " in version \"" + resource.version() + "\" cannot be handled as a "
                    + resource.kind() + ": no kind \"" + kind + "\" is served here");
        }
    }

    private static String unhandled(ApiResource resource) {
        return resource.kind() + " in version \"" + resource.version() + "\" cannot be handled as a " + resource.kind()
                + ": ";
    }
}
