package dev.kite.cel.compile;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.types.TypeType;
import dev.kite.cel.CelNames;
import dev.kite.cel.CelType;
import dev.kite.cel.library.Signature;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Our types as dev.cel's and back; the objects of an environment by name. */
@SuppressWarnings(
        "Immutable") // one compilation of one thread fills it before the checker asks; what it hands out does not
// change
final class TypeMapper implements CelTypeProvider {
    private static final ImmutableSet<String> PATCH_FIELDS = ImmutableSet.of("op", "path", "from", "value");

    private final Map<String, CelType.ObjectOf> objects = new HashMap<>();
    private final boolean mutation;
    private ImmutableSet<String> names = ImmutableSet.of();

    TypeMapper(boolean mutation) {
        this.mutation = mutation;
    }

    /** The names of fields that the expression has: {@code Object} and its parts take any field, dev.cel's types only those that they list. */
    void names(Iterable<String> all) {
        names = ImmutableSet.copyOf(all);
    }

    /** The type; objects in it become known. */
    dev.cel.common.types.CelType add(CelType type) {
        return switch (type) {
            case CelType.Scalar s -> scalar(s.kind());
            case CelType.ListOf l -> ListType.create(add(l.element()));
            case CelType.MapOf m -> MapType.create(add(m.key()), add(m.value()));
            case CelType.OptionalOf o -> OptionalType.create(add(o.value()));
            case CelType.Opaque o -> named(o.name());
            case CelType.ObjectOf o -> {
                if (objects.put(o.name(), o) == null) {
                    o.fields().values().forEach(f -> add(f.type()));
                }
                yield StructTypeReference.create(o.name());
            }
        };
    }

    private static dev.cel.common.types.CelType scalar(CelType.Kind kind) {
        return switch (kind) {
            case DYN -> SimpleType.DYN;
            case BOOL -> SimpleType.BOOL;
            case INT -> SimpleType.INT;
            case UINT -> SimpleType.UINT;
            case DOUBLE -> SimpleType.DOUBLE;
            case STRING -> SimpleType.STRING;
            case BYTES -> SimpleType.BYTES;
            case TIMESTAMP -> SimpleType.TIMESTAMP;
            case DURATION -> SimpleType.DURATION;
            case NULL -> SimpleType.NULL_TYPE;
            case TYPE -> TypeType.create(SimpleType.DYN);
        };
    }

    private static dev.cel.common.types.CelType named(String name) {
        return name.startsWith("net.") ? OpaqueType.create(name) : StructTypeReference.create(name);
    }

    /** A declaration's type. */
    static dev.cel.common.types.CelType of(Signature type) {
        if (type.isParameter()) {
            return TypeParamType.create(type.name());
        }
        return switch (type.name()) {
            case "dyn" -> SimpleType.DYN;
            case "bool" -> SimpleType.BOOL;
            case "int" -> SimpleType.INT;
            case "uint" -> SimpleType.UINT;
            case "double" -> SimpleType.DOUBLE;
            case "string" -> SimpleType.STRING;
            case "bytes" -> SimpleType.BYTES;
            case "null" -> SimpleType.NULL_TYPE;
            case "timestamp" -> SimpleType.TIMESTAMP;
            case "duration" -> SimpleType.DURATION;
            case "list" -> ListType.create(of(type.parameters().getFirst()));
            case "map" ->
                MapType.create(
                        of(type.parameters().getFirst()), of(type.parameters().getLast()));
            case "optional" -> OptionalType.create(of(type.parameters().getFirst()));
            default -> named(type.name());
        };
    }

    /** Our type for a checked one; bounds come from objects that are known by name. */
    CelType back(dev.cel.common.types.CelType type) {
        return switch (type.kind()) {
            case BOOL -> CelType.BOOL;
            case INT -> CelType.INT;
            case UINT -> CelType.UINT;
            case DOUBLE -> CelType.DOUBLE;
            case STRING -> CelType.STRING;
            case BYTES -> CelType.BYTES;
            case TIMESTAMP -> CelType.TIMESTAMP;
            case DURATION -> CelType.DURATION;
            case NULL_TYPE -> CelType.NULL;
            case TYPE -> CelType.TYPE;
            case LIST -> CelType.list(back(((ListType) type).elemType()));
            case MAP ->
                new CelType.MapOf(
                        back(((MapType) type).keyType()), back(((MapType) type).valueType()), CelType.UNBOUNDED);
            case OPAQUE ->
                type instanceof OptionalType o
                        ? new CelType.OptionalOf(back(o.parameters().getFirst()))
                        : new CelType.Opaque(type.name());
            case STRUCT -> {
                CelType.ObjectOf object = objects.get(type.name());
                yield object == null ? new CelType.Opaque(type.name()) : object;
            }
            default -> CelType.DYN;
        };
    }

    @Override
    public ImmutableCollection<dev.cel.common.types.CelType> types() {
        return ImmutableList.of();
    }

    @Override
    public Optional<dev.cel.common.types.CelType> findType(String name) {
        CelType.ObjectOf object = objects.get(name);
        if (object != null) {
            return Optional.of(StructType.create(name, fieldNames(object), field -> field(object, field)));
        }
        if (mutation && (name.equals("Object") || name.startsWith("Object."))) {
            return Optional.of(StructType.create(name, names, f -> Optional.of(SimpleType.DYN)));
        }
        if (mutation && name.equals("JSONPatch")) {
            return Optional.of(StructType.create(
                    name,
                    PATCH_FIELDS,
                    f -> PATCH_FIELDS.contains(f)
                            ? Optional.of(f.equals("value") ? SimpleType.DYN : SimpleType.STRING)
                            : Optional.empty()));
        }
        return Optional.empty();
    }

    /** Escaped, and the words that upstream takes unescaped as well, as in {@code self.namespace}. */
    private static ImmutableSet<String> fieldNames(CelType.ObjectOf object) {
        ImmutableSet.Builder<String> names = ImmutableSet.builder();
        object.fields().forEach((name, field) -> {
            names.add(name);
            if (CelNames.isReserved(field.json())) {
                names.add(field.json());
            }
        });
        return names.build();
    }

    private Optional<dev.cel.common.types.CelType> field(CelType.ObjectOf object, String name) {
        CelType.Field field = object.fields().get(name);
        if (field == null && CelNames.isReserved(name)) {
            field = object.fields().get("__" + name + "__");
        }
        return Optional.ofNullable(field).map(f -> add(f.type()));
    }

    static boolean isText(dev.cel.common.types.CelType type) {
        return type.kind() == CelKind.STRING || type.kind() == CelKind.BYTES;
    }
}
