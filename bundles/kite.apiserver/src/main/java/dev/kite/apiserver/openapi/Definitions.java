package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.ListType;
import dev.kite.model.schema.Presence;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes OpenAPI v3 schemas of types: those asked for and all that these refer to. Confined to its thread. */
final class Definitions {
    static final String REFERENCE = "#/components/schemas/";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    static final String OBJECT_META = META + "ObjectMeta";
    static final String LIST_META = META + "ListMeta";
    static final String PATCH = META + "Patch";
    static final String STATUS = META + "Status";
    static final String DELETE_OPTIONS = META + "DeleteOptions";

    /** Types that are written as something other than an object with fields. */
    private static final Set<String> ANY_JSON = Set.of(
            EXTENSIONS + "JSON",
            EXTENSIONS + "JSONSchemaPropsOrArray",
            EXTENSIONS + "JSONSchemaPropsOrBool",
            EXTENSIONS + "JSONSchemaPropsOrStringArray");

    /** Constants that defaults are named by. */
    private static final Map<String, String> CONSTANTS = Map.of(
            "AzureDataDiskCachingReadWrite", "ReadWrite",
            "AzureSharedBlobDisk", "Shared",
            "ProtocolTCP", "TCP",
            "DeviceTolerationOpEqual", "Equal");

    private static final String CORE = "io.k8s.api.core.v1.";
    private static final String FLOW = "io.k8s.api.flowcontrol.v1.";

    /** Types of which one field says which of the others counts: the type's name, then x-kubernetes-unions' one element. */
    private static final Map<String, String> UNIONS = Map.of(
            CORE + "AppArmorProfile",
                    "{'discriminator':'type','fields-to-discriminateBy':{'localhostProfile':'LocalhostProfile'}}",
            CORE + "SeccompProfile",
                    "{'discriminator':'type','fields-to-discriminateBy':{'localhostProfile':'LocalhostProfile'}}",
            CORE + "PodSchedulingGroup", "{'fields-to-discriminateBy':{'podGroupName':'PodGroupName'}}",
            FLOW + "LimitResponse", "{'discriminator':'type','fields-to-discriminateBy':{'queuing':'Queuing'}}",
            FLOW + "PriorityLevelConfigurationSpec",
                    "{'discriminator':'type','fields-to-discriminateBy':{'exempt':'Exempt','limited':'Limited'}}",
            FLOW + "Subject",
                    "{'discriminator':'kind','fields-to-discriminateBy':{'group':'Group','serviceAccount':'ServiceAccount','user':'User'}}");

    private final Schema schema = Schema.builtIn();
    private final Descriptions descriptions;
    private final Map<String, ObjectNode> made = new TreeMap<>();
    private final ArrayDeque<String> asked = new ArrayDeque<>();

    Definitions(Descriptions descriptions) {
        this.descriptions = descriptions;
    }

    /** Adds a schema of our own making; what it refers to is to be asked for apart. */
    void put(String definition, ObjectNode node) {
        made.put(definition, node);
    }

    /** What a built-in kind says of a field. */
    String words(String type, String field) {
        return descriptions.field(type, field);
    }

    /** A reference to a type, whose schema is made too. */
    ObjectNode reference(String definition) {
        asked.add(definition);
        return JsonNodeFactory.instance.objectNode().put("$ref", REFERENCE + definition);
    }

    /** All schemas asked for, by name. */
    Map<String, ObjectNode> all() {
        while (!asked.isEmpty()) {
            String next = asked.remove();
            if (!made.containsKey(next)) {
                made.put(next, make(next));
            }
        }
        return made;
    }

    private ObjectNode make(String definition) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        String description = descriptions.type(definition);
        if (!description.isEmpty()) {
            node.put("description", description);
        }
        if (ANY_JSON.contains(definition)) {
            return node;
        }
        switch (definition) {
            case QUANTITY -> oneOf(node, "string", "number");
            case INT_OR_STRING -> oneOf(node.put("format", "int-or-string"), "integer", "string");
            case META + "Time", META + "MicroTime" -> node.put("type", "string").put("format", "date-time");
            default -> {
                node.put("type", "object");
                StructDescriptor type = schema.type(definition);
                if (type != null) {
                    fields(type, node);
                }
            }
        }
        return node;
    }

    private static void oneOf(ObjectNode node, String... types) {
        ArrayNode choices = node.putArray("oneOf");
        for (String type : types) {
            choices.addObject().put("type", type);
        }
    }

    private void fields(StructDescriptor type, ObjectNode into) {
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        for (FieldDescriptor field : type.fields()) {
            properties.set(field.name(), property(type, field));
            if (field.required()) {
                required.add(field.name());
            }
        }
        if (!properties.isEmpty()) {
            into.set("properties", properties);
        }
        if (!required.isEmpty()) {
            into.set("required", required);
        }
        if (type.atomic()) {
            into.put("x-kubernetes-map-type", "atomic");
        }
        String unions = UNIONS.get(type.name());
        if (unions != null) {
            into.set("x-kubernetes-unions", Json.parse("[" + unions.replace('\'', '"') + "]"));
        }
        if (type.topLevel()) {
            kind(into.putArray("x-kubernetes-group-version-kind"), type.group(), type.version(), type.kind());
        }
    }

    static void kind(ArrayNode into, String group, String version, String kind) {
        into.addObject().put("group", group).put("version", version).put("kind", kind);
    }

    private ObjectNode property(StructDescriptor type, FieldDescriptor field) {
        ObjectNode value = switch (field.shape()) {
            case SINGLE -> value(field);
            case LIST, LIST_MESSAGE -> list(value(field));
            case MAP -> map(value(field));
            case MAP_OF_LISTS -> map(list(value(field)));
        };
        JsonNode standard = standard(field);
        String description = descriptions.field(type.name(), field.name());
        if (value.has("$ref") && (!description.isEmpty() || !standard.isMissingNode())) {
            ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
            wrapped.putArray("allOf").add(value);
            value = wrapped;
        }
        if (!description.isEmpty()) {
            value.put("description", description);
        }
        if (!standard.isMissingNode()) {
            value.set("default", standard);
        }
        extensions(field, value);
        return value;
    }

    private ObjectNode value(FieldDescriptor field) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        return switch (field.kind()) {
            case STRING -> node.put("type", "string");
            case BOOL -> node.put("type", "boolean");
            case INT32 -> node.put("type", "integer").put("format", "int32");
            case INT64 -> node.put("type", "integer").put("format", "int64");
            case DOUBLE -> node.put("type", "number").put("format", "double");
            case BYTES -> node.put("type", "string").put("format", "byte");
            case QUANTITY -> reference(QUANTITY);
            case INT_OR_STRING -> reference(INT_OR_STRING);
            case TIME -> reference(META + "Time");
            case MICRO_TIME -> reference(META + "MicroTime");
            case RAW -> reference("io.k8s.apimachinery.pkg.runtime.RawExtension");
            case JSON -> reference(EXTENSIONS + "JSON");
            case FIELDS -> reference(META + "FieldsV1");
            case SCHEMA_OR_BOOL -> reference(EXTENSIONS + "JSONSchemaPropsOrBool");
            case SCHEMA_OR_ARRAY -> reference(EXTENSIONS + "JSONSchemaPropsOrArray");
            case SCHEMA_OR_STRINGS -> reference(EXTENSIONS + "JSONSchemaPropsOrStringArray");
            case STRUCT -> reference(field.struct().name());
        };
    }

    private static ObjectNode list(ObjectNode items) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("type", "array");
        node.set("items", items);
        return node;
    }

    private static ObjectNode map(ObjectNode values) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("type", "object");
        node.set("additionalProperties", values);
        return node;
    }

    /** The default: the one that the type names, or the zero of what is always written. */
    private static JsonNode standard(FieldDescriptor field) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (!field.defaultJson().isEmpty()) {
            return named(field.defaultJson());
        }
        if (field.shape() != Shape.SINGLE || field.presence().isPointer()) {
            return nodes.missingNode();
        }
        boolean always = field.presence() == Presence.REQUIRED_VALUE;
        return switch (field.kind()) {
            case STRING -> always ? nodes.textNode("") : nodes.missingNode();
            case BOOL -> always ? nodes.booleanNode(false) : nodes.missingNode();
            case INT32, INT64, DOUBLE -> always ? nodes.numberNode(0) : nodes.missingNode();
            case STRUCT -> nodes.objectNode();
            default -> nodes.missingNode();
        };
    }

    /** A default as JSON, or as ref(NAME): the name of a constant of Kubernetes' types. */
    private static JsonNode named(String text) {
        if (!text.startsWith("ref(")) {
            return Json.parse(text);
        }
        String constant =
                text.substring(text.lastIndexOf('.') + 1).replace("ref(", "").replace(")", "");
        String value = CONSTANTS.get(constant);
        if (value == null) {
            throw new IllegalStateException("no value is known for the constant " + text);
        }
        return JsonNodeFactory.instance.textNode(value);
    }

    /** Whether markers speak of a list: bytes are one to them. */
    private static boolean list(FieldDescriptor field) {
        return field.shape().isList() || field.kind() == ValueKind.BYTES;
    }

    private static void extensions(FieldDescriptor field, ObjectNode value) {
        switch (field.listType()) {
            case UNSPECIFIED -> {}
            case ATOMIC -> value.put(list(field) ? "x-kubernetes-list-type" : "x-kubernetes-map-type", "atomic");
            case SET -> value.put("x-kubernetes-list-type", "set");
            case MAP -> {
                value.put("x-kubernetes-list-type", "map");
                ArrayNode keys = value.putArray("x-kubernetes-list-map-keys");
                field.mapKeys().forEach(keys::add);
            }
            case GRANULAR -> value.put("x-kubernetes-map-type", "granular");
        }
        if (field.atomicStruct() && field.listType() != ListType.ATOMIC) {
            value.put("x-kubernetes-map-type", "atomic");
        }
        if (!field.patchStrategies().isEmpty()) {
            value.put("x-kubernetes-patch-strategy", String.join(",", field.patchStrategies()));
        }
        if (!field.patchMergeKey().isEmpty()) {
            value.put("x-kubernetes-patch-merge-key", field.patchMergeKey());
        }
    }
}
