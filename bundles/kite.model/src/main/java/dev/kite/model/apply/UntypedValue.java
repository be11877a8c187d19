package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value of no known type: objects by field, lists as a whole. */
enum UntypedValue implements MergeType {
    INSTANCE;

    @Override
    public Form form(JsonNode value) {
        return value.isObject() ? Form.OBJECT : value.isArray() ? Form.ATOMIC : Form.SCALAR;
    }

    @Override
    public boolean names(String field) {
        return false;
    }

    @Override
    public MergeType field(String name) {
        return this;
    }

    @Override
    public MergeType item() {
        return this;
    }

    @Override
    public List<String> keys() {
        return List.of();
    }

    @Override
    public @Nullable JsonNode keyDefault(String key) {
        return null;
    }
}
