package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.validation.AdmissionExpressions.Patch;
import dev.kite.apiserver.webhook.Forms;
import dev.kite.apiserver.webhook.Seen;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelResult;
import dev.kite.model.apply.ApplyException;
import dev.kite.model.apply.MergeType;
import dev.kite.model.apply.Merging;
import dev.kite.model.patch.JsonPatch;
import dev.kite.model.patch.PatchException;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies what a mutation's expression gave. Stateless. */
final class Patching {
    private final Forms forms;

    Patching(Forms forms) {
        this.forms = forms;
    }

    /**
     * Applies a result to an object.
     *
     * @param seen the write as the policy sees it
     * @param object what is seen of it, not null
     * @return the object in stored form, with defaults
     * @throws MutationException where it can't be applied
     * @throws StatusException 500 where it makes an object that can't be read
     */
    ObjectNode apply(Patch kind, CelResult result, Seen seen, ObjectNode object) throws MutationException {
        ObjectNode changed = switch (kind) {
            case JSON_PATCH -> patched(result, object);
            case APPLY_CONFIGURATION -> merged(result, seen, object);
        };
        try {
            List<String> unknown = forms.unknown(seen.as(), changed);
            if (kind == Patch.JSON_PATCH && !unknown.isEmpty()) {
                throw Errors.internal("strict decoding error: unknown field \""
                        + String.join("\", unknown field \"", unknown) + "\"");
            }
            return forms.back(seen, changed);
        } catch (StatusException e) {
            throw e.code() == 500 ? e : Errors.internal(String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode json(CelResult result, String otherwise) throws MutationException {
        try {
            return result.json();
        } catch (CelEvaluationException e) {
            String why = String.valueOf(e.getMessage());
            throw new MutationException(
                    why.startsWith("unexpected type name") ? "type mismatch: " + why : otherwise + why);
        }
    }

    private static ObjectNode patched(CelResult result, ObjectNode object) throws MutationException {
        JsonNode operations =
                json(result, "JSONPath valueExpression evaluated to a type that could not marshal to JSON: ");
        try {
            if (JsonPatch.apply(object, operations) instanceof ObjectNode made) {
                return made;
            }
            throw new MutationException("JSON Patch: the result is no object");
        } catch (PatchException e) {
            String why = String.valueOf(e.getMessage());
            if (why.startsWith("testing value ") && why.endsWith(": test failed")) {
                // A test that fails means that nothing is to be done.
                return object.deepCopy();
            }
            throw new MutationException("JSON Patch: " + why);
        }
    }

    private ObjectNode merged(CelResult result, Seen seen, ObjectNode object) throws MutationException {
        if (!(json(result, "invalid return type: ") instanceof ObjectNode config)) {
            throw new MutationException("unsupported return type from ApplyConfiguration expression: " + result.type());
        }
        MergeType type = type(seen);
        if (type == null) {
            throw Errors.unavailable("Resource kind " + seen.kind().kind() + " not found.", 0);
        }
        config.put("apiVersion", object.path("apiVersion").asText())
                .put("kind", object.path("kind").asText());
        List<String> unknown;
        try {
            unknown = forms.unknown(seen.as(), config.deepCopy());
        } catch (StatusException e) {
            throw new MutationException(
                    "error applying patch: failed to convert patch object to typed object: " + e.getMessage());
        }
        if (!unknown.isEmpty()) {
            List<String> told = unknown.stream()
                    .map(path -> "." + path + ": field not declared in schema")
                    .toList();
            throw new MutationException("error applying patch: failed to convert patch object to typed object: "
                    + (told.size() == 1 ? told.getFirst() : "errors:\n  " + String.join("\n  ", told)));
        }
        List<String> atomics = new ArrayList<>();
        atomics("", config, type, atomics);
        if (!atomics.isEmpty()) {
            throw new MutationException(
                    "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays,"
                            + " maps or structs: " + String.join(", ", atomics));
        }
        try {
            return Merging.merge(object, config, type);
        } catch (ApplyException e) {
            throw new MutationException(
                    "error applying patch: failed to convert patch object to typed object: " + e.getMessage());
        }
    }

    private static @Nullable MergeType type(Seen seen) {
        if (seen.as().custom() != null) {
            return MergeType.ofCustomResource(seen.as().custom().schema());
        }
        Admitting.Kind kind = seen.kind();
        StructDescriptor struct = Schema.builtIn().kind(kind.group(), kind.version(), kind.kind());
        return struct == null ? null : MergeType.of(struct);
    }

    /** What is owned as a whole would lose what the configuration does not name. */
    private static void atomics(String path, JsonNode value, MergeType type, List<String> into) {
        if (!value.isContainerNode()) {
            return;
        }
        MergeType.Form form = type.form(value);
        if (form == MergeType.Form.ATOMIC) {
            into.add(path);
            return;
        }
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                atomics(path + "." + field.getKey(), field.getValue(), type.field(field.getKey()), into);
            }
        } else if (form == MergeType.Form.KEYED_LIST) {
            for (int i = 0; i < value.size(); i++) {
                atomics(path + "[" + i + "]", value.get(i), type.item(), into);
            }
        }
    }
}
