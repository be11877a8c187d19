package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.JsonCodecException;
import dev.kite.model.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lets {@code kubectl apply --server-side} take over objects that {@code kubectl apply} made, whose annotation it keeps up. */
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    private LastApplied() {}

    /** Whether all conflicts are about fields that stand as kubectl applied them last. */
    static boolean allows(ApplyConflictException conflict, ObjectNode live, FieldManager.Write write, MergeType type) {
        ObjectNode last = write.manager().equals("kubectl") ? read(live) : null;
        if (last == null || !last.path("apiVersion").asText().equals(write.apiVersion())) {
            return false;
        }
        Comparison changed = Comparison.of(last, ManagedFields.strip(live), type);
        FieldSet owned = FieldSets.of(last, type)
                .difference(changed.modified())
                .difference(changed.added())
                .difference(changed.removed());
        var paths = owned.paths().stream().map(ApplyConflictException::text).toList();
        return conflict.conflicts().stream().allMatch(c -> paths.contains(c.field()));
    }

    private static @Nullable ObjectNode read(ObjectNode live) {
        String text = live.path("metadata").path("annotations").path(ANNOTATION).asText();
        try {
            return text.isEmpty() ? null : JsonTrees.readObject(text.getBytes(StandardCharsets.UTF_8));
        } catch (JsonCodecException e) {
            return null; // an annotation that says nothing allows nothing
        }
    }

    /** The result with the annotation brought up to date, where the live object has one and kubectl applies. */
    static ObjectNode noted(@Nullable ObjectNode live, ObjectNode config, FieldManager.Write write, ObjectNode result) {
        boolean has = live != null
                && !live.path("metadata")
                        .path("annotations")
                        .path(ANNOTATION)
                        .asText()
                        .isEmpty();
        if (!has || !write.manager().equals("kubectl")) {
            return result;
        }
        ObjectNode plain = config.deepCopy();
        JsonNode annotations = plain.path("metadata").path("annotations");
        if (annotations instanceof ObjectNode object) {
            object.remove(ANNOTATION);
        }
        String text = new String(JsonTrees.write(plain), StandardCharsets.UTF_8) + "\n";
        ObjectNode copy = result.deepCopy();
        copy.withObject("/metadata/annotations").put(ANNOTATION, text);
        return copy;
    }
}
