package dev.kite.model.schema;

import dev.kite.model.Struct;
import dev.kite.model.StructType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A type's fields, as the structure table has them. Immutable. */
public final class StructDescriptor {

    /**
     * A struct that is flat in JSON and a message of its own in protobuf.
     *
     * @param number its protobuf number
     * @param parent the embed in which it lies, or -1
     */
    public record Embed(int number, int parent) {}

    private final String name;
    private final boolean topLevel;
    private final boolean atomic;
    private final boolean hasJavaType;
    private final String group;
    private final List<Embed> embeds;
    private final List<FieldDescriptor> fields;
    private final Map<String, FieldDescriptor> byName;
    // Found again by a thread that does not see it yet: the same object, so no lock.
    private @Nullable StructType<?> javaType;

    StructDescriptor(
            String name,
            boolean topLevel,
            boolean atomic,
            boolean hasJavaType,
            String group,
            List<Embed> embeds,
            List<FieldDescriptor> fields) {
        this.name = name;
        this.topLevel = topLevel;
        this.atomic = atomic;
        this.hasJavaType = hasJavaType;
        this.group = group;
        this.embeds = embeds;
        this.fields = fields;
        Map<String, FieldDescriptor> map = HashMap.newHashMap(fields.size());
        fields.forEach(field -> map.put(field.name(), field));
        this.byName = map;
    }

    /** The OpenAPI definition name: {@code io.k8s.api.core.v1.Pod}. */
    public String name() {
        return name;
    }

    /** The last part of the name; the kind of a top-level type. */
    public String kind() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The version in the name. */
    public String version() {
        int end = name.lastIndexOf('.');
        return name.substring(name.lastIndexOf('.', end - 1) + 1, end);
    }

    /** The API group of a top-level type, empty for core and meta. */
    public String group() {
        return group;
    }

    /** {@code v1} or {@code group/version}, of a top-level type. */
    public String apiVersion() {
        return group.isEmpty() ? version() : group + "/" + version();
    }

    /** Whether it has apiVersion and kind, which protobuf puts into the envelope. */
    public boolean topLevel() {
        return topLevel;
    }

    /** Whether apply replaces it as a whole. */
    public boolean atomic() {
        return atomic;
    }

    /** Embedded messages. */
    public List<Embed> embeds() {
        return embeds;
    }

    /** Fields in the order in which Kubernetes writes them. */
    public List<FieldDescriptor> fields() {
        return fields;
    }

    /** The field with this JSON name, or null. */
    public @Nullable FieldDescriptor field(String json) {
        return byName.get(json);
    }

    /**
     * The field with this JSON name.
     *
     * @throws NoSuchElementException where there is none
     */
    public FieldDescriptor require(String json) {
        FieldDescriptor field = byName.get(json);
        if (field == null) {
            throw new NoSuchElementException(name + " has no field " + json);
        }
        return field;
    }

    /** Whether there is a generated class: not for beta kinds that v1 serves too. */
    public boolean hasJavaType() {
        return hasJavaType;
    }

    /**
     * The generated class of this type.
     *
     * @throws IllegalStateException where there is none
     */
    public StructType<? extends Struct> javaType() {
        StructType<?> known = javaType;
        if (known == null) {
            int end = name.lastIndexOf('.');
            int start = name.lastIndexOf('.', name.lastIndexOf('.', end - 1) - 1);
            try {
                // The generated classes are this bundle's own, named after their definitions.
                Class<?> type = Class.forName("dev.kite.model" + name.substring(start));
                known = (StructType<?>) type.getField("TYPE").get(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("no generated class for " + name, e);
            }
            javaType = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return name;
    }
}
