package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The OpenAPI schemas of single kinds, made when they are asked for. Stateless. */
public final class KindSchemas {
    private KindSchemas() {}

    /**
     * A kind's schema, and those that it refers to.
     *
     * @param root the schema
     * @param definitions schemas by name
     */
    public record Described(ObjectNode root, Map<String, ObjectNode> definitions) {
        /**
         * Finds a definition.
         *
         * @param reference a {@code $ref}
         * @return the schema, or null
         */
        public @Nullable ObjectNode find(String reference) {
            return definitions.get(reference.substring(reference.lastIndexOf('/') + 1));
        }
    }

    /**
     * Describes a resource's kind.
     *
     * @param resource the resource
     * @return its schema, null where nothing is known of it
     */
    public static @Nullable Described of(ApiResource resource) {
        Definitions definitions = new Definitions(Descriptions.none());
        if (resource.custom() != null) {
            ObjectNode root = resource.custom().schema().deepCopy();
            ObjectNode properties = root.withObject("/properties");
            properties.putObject("apiVersion").put("type", "string");
            properties.putObject("kind").put("type", "string");
            properties.set("metadata", definitions.reference(Definitions.OBJECT_META));
            return new Described(root.put("type", "object"), definitions.all());
        }
        StructDescriptor type = Schema.builtIn().kind(resource.group(), resource.version(), resource.kind());
        if (type == null) {
            return null;
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.setAll(definitions.reference(type.name()));
        Map<String, ObjectNode> all = definitions.all();
        ObjectNode own = all.get(type.name());
        return own == null ? null : new Described(own, all);
    }
}
