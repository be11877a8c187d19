package dev.kite.model;

import dev.kite.model.json.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Base of all generated types: immutable, safe for all threads, equal by value; an absent field reads as its empty value,
 * an absent kind and apiVersion as the class's own. */
public abstract class Struct {

    /** For generated classes. */
    protected Struct() {}

    /** The structure. */
    public abstract StructType<? extends Struct> structType();

    /** The value of the field with this index in the structure's order; null where it is absent. */
    public abstract @Nullable Object get(int index);

    /** A builder that starts from any value. */
    @SuppressWarnings("unchecked")
    public static Struct.Builder<?> builderOf(Struct value) {
        return ((StructType<Struct>) value.structType()).newBuilder(value);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Struct that) || that.getClass() != getClass()) {
            return false;
        }
        int size = structType().descriptor().fields().size();
        int first = 0;
        if (this instanceof KubernetesType a && that instanceof KubernetesType b) {
            // An absent kind or apiVersion is that of the class: a list's items do not say theirs.
            if (!a.kind().equals(b.kind()) || !a.apiVersion().equals(b.apiVersion())) {
                return false;
            }
            first = 2;
        }
        for (int i = first; i < size; i++) {
            if (!Objects.equals(get(i), that.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final int hashCode() {
        int hash = getClass().hashCode();
        int size = structType().descriptor().fields().size();
        for (int i = this instanceof KubernetesType ? 2 : 0; i < size; i++) {
            hash = 31 * hash + Objects.hashCode(get(i));
        }
        return hash;
    }

    /** Compact JSON. */
    @Override
    public final String toString() {
        return new String(JsonCodec.encode(this), StandardCharsets.UTF_8);
    }

    /** For generated {@code toBuilder}: fills a builder with this value's fields. */
    protected final <B extends Builder<?>> B into(B builder) {
        @Nullable Object[] values = ((Builder<?>) builder).values();
        for (int i = 0; i < values.length; i++) {
            values[i] = get(i);
        }
        return builder;
    }

    /** For generated accessors. */
    protected static String or(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** For generated accessors. */
    protected static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    /** For generated accessors. */
    protected static boolean or(@Nullable Boolean value) {
        return value != null && value;
    }

    /** For generated accessors. */
    protected static int or(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    /** For generated accessors. */
    protected static long or(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    /** For generated accessors. */
    protected static double or(@Nullable Double value) {
        return value == null ? 0 : value;
    }

    /** For generated accessors. */
    protected static Bytes or(@Nullable Bytes value) {
        return value == null ? Bytes.EMPTY : value;
    }

    /** For generated accessors. */
    protected static <E> List<E> or(@Nullable List<E> value) {
        return value == null ? List.of() : value;
    }

    /** For generated accessors. */
    protected static <E> Map<String, E> or(@Nullable Map<String, E> value) {
        return value == null ? Map.of() : value;
    }

    /** For generated accessors. */
    protected static <S extends Struct> S or(@Nullable S value, StructType<S> type) {
        return value == null ? type.empty() : value;
    }

    /**
     * Builds a value; not safe for use by several threads.
     *
     * @param <T> what it builds
     */
    public abstract static class Builder<T extends Struct> {
        private @Nullable Object @Nullable [] values;

        /** For generated classes. */
        protected Builder() {}

        /** Another, empty builder of the same class. */
        protected abstract Builder<T> fresh();

        /** How many fields there are. */
        protected abstract int size();

        /** The value; the builder may be used further. */
        public abstract T build();

        /**
         * Sets a field by its index.
         *
         * @param value null for absent, else of the field's class: build fails on another one
         */
        public final void set(int index, @Nullable Object value) {
            values()[index] = value;
        }

        /** What is set so far. */
        public final @Nullable Object peek(int index) {
            return values()[index];
        }

        private @Nullable Object[] values() {
            @Nullable Object[] present = values;
            if (present == null) {
                present = new Object[size()];
                values = present;
            }
            return present;
        }

        /** For generated classes: edits a struct field from its present value. */
        @SuppressWarnings("unchecked")
        protected final <S extends Struct, B extends Builder<S>> void edit(
                int index, StructType<S> type, Consumer<B> edit) {
            B builder = (B) type.newBuilder((S) values()[index]);
            edit.accept(builder);
            set(index, builder.build());
        }

        /** For generated classes: appends to a list field. */
        @SuppressWarnings("unchecked")
        protected final void append(int index, Object value) {
            Object present = values()[index];
            List<Object> list = present instanceof ArrayList<?> own
                    ? (ArrayList<Object>) own
                    : new ArrayList<>(present == null ? List.of() : (List<Object>) present);
            list.add(Objects.requireNonNull(value));
            set(index, list);
        }

        /** For generated classes: builds a struct and appends it to a list field. */
        @SuppressWarnings("unchecked")
        protected final <S extends Struct, B extends Builder<S>> void append(
                int index, StructType<S> type, Consumer<B> edit) {
            B builder = (B) type.newBuilder();
            edit.accept(builder);
            append(index, builder.build());
        }

        /** For generated classes: puts an entry into a map field. */
        @SuppressWarnings("unchecked")
        protected final void put(int index, String key, Object value) {
            Object present = values()[index];
            Map<String, Object> map = present instanceof LinkedHashMap<?, ?> own
                    ? (LinkedHashMap<String, Object>) own
                    : new LinkedHashMap<>(present == null ? Map.of() : (Map<String, Object>) present);
            map.put(key, Objects.requireNonNull(value));
            set(index, map);
        }

        /** For generated classes: the values, lists and maps copied into immutable ones. */
        protected final @Nullable Object[] frozen() {
            @Nullable Object[] frozen = values().clone();
            for (int i = 0; i < frozen.length; i++) {
                Object value = frozen[i];
                if (value instanceof List<?> list) {
                    frozen[i] = List.copyOf(list);
                } else if (value instanceof Map<?, ?> map) {
                    frozen[i] = ArrayMap.copyOf(map);
                }
            }
            return frozen;
        }
    }
}
