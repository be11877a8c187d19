package dev.kite.model;

import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A generated class's structure: what generic codecs need to read and build it. Each generated class has one, {@code TYPE}.
 * Immutable to its users and safe for all threads.
 *
 * @param <T> the generated class
 */
public final class StructType<T extends Struct> {
    private final String definition;
    private final Struct.Builder<T> prototype;
    // Both are computed again by a thread that does not see them yet: equal results, so no lock.
    private @Nullable T empty;
    private @Nullable StructDescriptor descriptor;

    private StructType(String definition, Struct.Builder<T> prototype) {
        this.definition = definition;
        this.prototype = prototype;
    }

    /** For generated classes: {@code prototype} makes further builders and is never filled. */
    public static <T extends Struct> StructType<T> of(String definition, Struct.Builder<T> prototype) {
        return new StructType<>(definition, prototype);
    }

    /** The OpenAPI definition name: {@code io.k8s.api.core.v1.Pod}. */
    public String definition() {
        return definition;
    }

    /** The fields. */
    public StructDescriptor descriptor() {
        StructDescriptor known = descriptor;
        if (known == null) {
            known = Schema.builtIn().require(definition);
            descriptor = known;
        }
        return known;
    }

    /** The value in which all is absent. */
    public T empty() {
        T known = empty;
        if (known == null) {
            known = prototype.fresh().build();
            empty = known;
        }
        return known;
    }

    /**
     * The value as this class.
     *
     * @throws ClassCastException where it is of another
     */
    @SuppressWarnings("unchecked")
    public T cast(Object value) {
        if (!(value instanceof Struct struct) || struct.structType() != this) {
            throw new ClassCastException("no " + definition);
        }
        return (T) value;
    }

    /** A builder of an empty value. */
    public Struct.Builder<T> newBuilder() {
        return prototype.fresh();
    }

    /** A builder that starts from {@code value}. */
    public Struct.Builder<T> newBuilder(@Nullable T value) {
        Struct.Builder<T> builder = prototype.fresh();
        return value == null ? builder : value.into(builder);
    }

    @Override
    public String toString() {
        return definition;
    }
}
