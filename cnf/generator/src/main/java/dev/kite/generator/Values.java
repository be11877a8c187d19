package dev.kite.generator;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Maps a descriptor's or a model's type to ours. */
final class Values {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    /** Messages whose JSON is not an object of their fields. */
    private static final Map<String, Api.Kind> SPECIAL = Map.ofEntries(
            Map.entry("io.k8s.apimachinery.pkg.api.resource.Quantity", Api.Kind.QUANTITY),
            Map.entry("io.k8s.apimachinery.pkg.util.intstr.IntOrString", Api.Kind.INT_OR_STRING),
            Map.entry(META + "Time", Api.Kind.TIME),
            Map.entry(META + "MicroTime", Api.Kind.MICRO_TIME),
            Map.entry("io.k8s.apimachinery.pkg.runtime.RawExtension", Api.Kind.RAW),
            Map.entry(META + "FieldsV1", Api.Kind.FIELDS),
            Map.entry(EXTENSIONS + "JSON", Api.Kind.JSON),
            Map.entry(EXTENSIONS + "JSONSchemaPropsOrBool", Api.Kind.SCHEMA_OR_BOOL),
            Map.entry(EXTENSIONS + "JSONSchemaPropsOrArray", Api.Kind.SCHEMA_OR_ARRAY),
            Map.entry(EXTENSIONS + "JSONSchemaPropsOrStringArray", Api.Kind.SCHEMA_OR_STRINGS));

    /** A value's type; {@code ref} names a definition where the kind is STRUCT. */
    record Value(Api.Kind kind, Api.Shape shape, @Nullable String ref) {}

    private Values() {}

    static Api.@Nullable Kind special(String definition) {
        return SPECIAL.get(definition);
    }

    /** The definitions whose JSON is not an object of their fields. */
    static Set<String> specials() {
        return SPECIAL.keySet();
    }

    static Value of(FieldDescriptor field) {
        if (field.isMapField()) {
            FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
            return isList(value)
                    ? new Value(Api.Kind.STRING, Api.Shape.MAP_OF_LISTS, null)
                    : single(value, Api.Shape.MAP);
        }
        if (isList(field)) {
            return new Value(Api.Kind.STRING, Api.Shape.LIST_MESSAGE, null);
        }
        return single(field, field.isRepeated() ? Api.Shape.LIST : Api.Shape.SINGLE);
    }

    /** Whether the field's message is a plain list in JSON. */
    private static boolean isList(FieldDescriptor field) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return false;
        }
        String name = field.getMessageType().getName();
        return name.equals("ExtraValue") || name.equals("Verbs");
    }

    private static Value single(FieldDescriptor field, Api.Shape shape) {
        return switch (field.getType()) {
            case STRING -> new Value(Api.Kind.STRING, shape, null);
            case BOOL -> new Value(Api.Kind.BOOL, shape, null);
            case INT32 -> new Value(Api.Kind.INT32, shape, null);
            case INT64 -> new Value(Api.Kind.INT64, shape, null);
            case DOUBLE -> new Value(Api.Kind.DOUBLE, shape, null);
            case BYTES -> new Value(Api.Kind.BYTES, shape, null);
            case MESSAGE -> message(Names.definition(field.getMessageType().getFullName()), shape);
            default -> throw new IllegalStateException(field.getFullName() + " has type " + field.getType());
        };
    }

    private static Value message(String definition, Api.Shape shape) {
        Api.Kind special = SPECIAL.get(definition);
        return special == null ? new Value(Api.Kind.STRUCT, shape, definition) : new Value(special, shape, null);
    }

    /** From a model's Java type, in the package of {@code owner}; {@code hint} wins where it is not empty. */
    static Value of(String javaType, String hint, String owner, Predicate<String> known) {
        if (javaType.startsWith("List<")) {
            return inner(javaType.substring(5, javaType.length() - 1), hint, Api.Shape.LIST, owner, known);
        }
        if (javaType.startsWith("Map<String, List<")) {
            return new Value(Api.Kind.STRING, Api.Shape.MAP_OF_LISTS, null);
        }
        if (javaType.startsWith("Map<String, ")) {
            return inner(javaType.substring(12, javaType.length() - 1), hint, Api.Shape.MAP, owner, known);
        }
        return inner(javaType, hint, Api.Shape.SINGLE, owner, known);
    }

    private static Value inner(String javaType, String hint, Api.Shape shape, String owner, Predicate<String> known) {
        if (!hint.isEmpty()) {
            return new Value(Api.Kind.valueOf(hint), shape, null);
        }
        Api.Kind plain = switch (javaType) {
            case "String" -> Api.Kind.STRING;
            case "Boolean" -> Api.Kind.BOOL;
            case "Integer" -> Api.Kind.INT32;
            case "Long" -> Api.Kind.INT64;
            case "Double" -> Api.Kind.DOUBLE;
            case "byte[]" -> Api.Kind.BYTES;
            case "Quantity" -> Api.Kind.QUANTITY;
            case "IntOrString" -> Api.Kind.INT_OR_STRING;
            case "OffsetDateTime" -> Api.Kind.TIME;
            case "Object" -> Api.Kind.RAW;
            default -> Api.Kind.STRUCT;
        };
        if (plain != Api.Kind.STRUCT) {
            return new Value(plain, shape, null);
        }
        // V1beta1Device, CoreV1ResourceClaim, V1ObjectMeta: the simple name follows the version
        String simple = javaType.replaceFirst("^[A-Za-z]*?V\\d(?:(?:alpha|beta)\\d)?(?=[A-Z])", "");
        String prefix = owner.substring(0, owner.lastIndexOf('.') + 1);
        for (String candidate : List.of(prefix, META, "io.k8s.api.core.v1.")) {
            String version = Names.capital(Names.groupVersion(candidate + "X").replaceFirst(".*\\.", ""));
            if (javaType.contains(version + simple) && known.test(candidate + simple)) {
                return new Value(Api.Kind.STRUCT, shape, candidate + simple);
            }
        }
        throw new IllegalStateException(owner + " has a field of type " + javaType);
    }
}
