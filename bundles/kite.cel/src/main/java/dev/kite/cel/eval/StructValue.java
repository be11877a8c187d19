package dev.kite.cel.eval;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An {@code Object{…}} or {@code JSONPatch{…}} that an expression made: the fields that were set. */
public final class StructValue extends MapValue {
    private final String typeName;
    private final Map<String, Object> fields;

    /** Of fields by their names in JSON. */
    public StructValue(String typeName, Map<String, Object> fields) {
        this.typeName = typeName;
        this.fields = new LinkedHashMap<>(fields);
    }

    /** The type's name. */
    public String typeName() {
        return typeName;
    }

    @Override
    public long size() {
        return fields.size();
    }

    @Override
    public @Nullable Object find(Object key) {
        return key instanceof String ? fields.get(key) : null;
    }

    @Override
    public Iterable<Object> keys() {
        return java.util.List.<Object>copyOf(fields.keySet());
    }
}
