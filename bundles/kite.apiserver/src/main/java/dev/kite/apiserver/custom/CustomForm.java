package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.storage.Normalizer;
import dev.kite.apiserver.storage.ObjectForm.Normal;
import dev.kite.apiserver.storage.Trees;
import dev.kite.model.schema.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings custom objects into the form of their schema: unknown fields pruned, defaults set. Thread-safe. */
public final class CustomForm {
    /**
     * Brings an object into its form.
     *
     * @param resource its resource
     * @param kind its kind's schema
     * @param object the tree, not changed
     * @return the new tree
     */
    public Normal normalize(ApiResource resource, CustomKind kind, ObjectNode object) {
        List<String> unknown = new ArrayList<>();
        ObjectNode out = object.deepCopy();
        ObjectNode metadata = metadata(out.remove("metadata"), unknown);
        // Told in order of their names, whatever the order in which they were written.
        List<String> pruned = new ArrayList<>();
        if (!kind.preserveUnknownFields()) {
            new Pruning(pruned).root(kind.schema(), out);
        }
        Collections.sort(pruned);
        unknown.addAll(pruned);
        if (kind.rules().embeds()) {
            new Pruning(unknown).embedded(kind.schema(), out, "", true);
        }
        SchemaDefaults.apply(kind.schema(), out);
        ObjectNode ordered = Trees.mapper().createObjectNode();
        ordered.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        ordered.set("metadata", metadata);
        out.remove(List.of("apiVersion", "kind"));
        ordered.setAll(out);
        return new Normal(ordered, unknown);
    }

    private static ObjectNode metadata(@Nullable JsonNode given, List<String> unknown) {
        if (given == null || given.isNull()) {
            return Trees.mapper().createObjectNode();
        }
        if (!(given instanceof ObjectNode object)) {
            throw Normalizer.mistyped(
                    "json: cannot unmarshal " + given.getNodeType().name().toLowerCase(java.util.Locale.ROOT)
                            + " into Go struct field .metadata of type v1.ObjectMeta");
        }
        Normalizer normalizer = new Normalizer();
        ObjectNode normal = normalizer.normalize(Schema.builtIn().require(Pruning.META), object);
        normalizer.unknown().forEach(path -> unknown.add("metadata." + path));
        return normal;
    }
}
