package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import java.util.Locale;

/**
 * Structs as Kubernetes shows them in messages: fields named as in its code, and the absent ones with them, since its inner types have no JSON names. For
 * example {@code {"Type":"Unconfined","LocalhostProfile":null}}. Stateless.
 */
final class Internals {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Internals() {}

    /** A struct of a type of the built-in API; any other node, or an unknown type, as it is. */
    static JsonNode of(String type, JsonNode node) {
        StructDescriptor known = Schema.builtIn().type(type);
        return known == null || !node.isObject() ? node : struct(known, node);
    }

    private static ObjectNode struct(StructDescriptor type, JsonNode node) {
        ObjectNode shown = NODES.objectNode();
        for (FieldDescriptor field : type.fields()) {
            shown.set(name(field.name()), value(field, node.path(field.name())));
        }
        return shown;
    }

    private static String name(String json) {
        return switch (json) {
            case "apiVersion" -> "APIVersion";
            case "uid" -> "UID";
            case "ip" -> "IP";
            case "seLinuxOptions" -> "SELinuxOptions";
            case "gmsaCredentialSpecName" -> "GMSACredentialSpecName";
            case "gmsaCredentialSpec" -> "GMSACredentialSpec";
            default -> json.substring(0, 1).toUpperCase(Locale.ROOT) + json.substring(1);
        };
    }

    private static JsonNode value(FieldDescriptor field, JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return field.presence().isPointer() || field.shape() != Shape.SINGLE ? NODES.nullNode() : zero(field);
        }
        if (field.isStruct()) {
            // Types that all APIs share have JSON names even there.
            if (field.struct().name().startsWith("io.k8s.apimachinery.")) {
                return node;
            }
            return struct(field.struct(), node);
        }
        StructDescriptor of = field.ref();
        if (node instanceof ArrayNode items && field.shape() == Shape.LIST && of != null) {
            ArrayNode shown = NODES.arrayNode();
            items.forEach(item -> shown.add(struct(of, item)));
            return shown;
        }
        return node;
    }

    private static JsonNode zero(FieldDescriptor field) {
        return switch (field.kind()) {
            case STRING -> NODES.textNode("");
            case BOOL -> NODES.booleanNode(false);
            case INT32, INT64, DOUBLE, INT_OR_STRING -> NODES.numberNode(0);
            case QUANTITY -> NODES.textNode("0");
            case STRUCT -> struct(field.struct(), NODES.missingNode());
            default -> NODES.nullNode();
        };
    }
}
