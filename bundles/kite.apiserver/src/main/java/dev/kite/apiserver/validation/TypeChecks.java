package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;

/** Finds values of the wrong JSON type, so that the rules after it may trust types. Stateless. */
final class TypeChecks {
    /** Deeper objects than this are schemas within schemas; no rule of ours looks there. */
    private static final int DEPTH = 64;

    private TypeChecks() {}

    /** Checks an object by its apiVersion and kind; one that names neither passes. */
    static void object(At object) {
        StructDescriptor type =
                Schema.builtIn().kindOf(Tree.text(object.node(), "apiVersion"), Tree.text(object.node(), "kind"));
        if (type != null) {
            struct(object, type, 0);
        }
    }

    private static void struct(At at, StructDescriptor type, int depth) {
        if (!at.node().isObject()) {
            at.typeInvalid("must be an object");
            return;
        }
        for (FieldDescriptor field : type.fields()) {
            At value = at.field(field.name());
            if (value.present() && depth < DEPTH) {
                shaped(value, field, depth);
            }
        }
    }

    private static void shaped(At at, FieldDescriptor field, int depth) {
        switch (field.shape()) {
            case SINGLE -> value(at, field, depth);
            case LIST, LIST_MESSAGE -> {
                if (!at.node().isArray()) {
                    at.typeInvalid("must be an array");
                }
                at.items().forEach(item -> value(item, field, depth));
            }
            case MAP -> {
                if (!at.node().isObject()) {
                    at.typeInvalid("must be an object");
                }
                at.entries().forEach(e -> value(at.key(e.getKey()), field, depth));
            }
            case MAP_OF_LISTS -> {
                if (!at.node().isObject()) {
                    at.typeInvalid("must be an object");
                }
            }
        }
    }

    private static void value(At at, FieldDescriptor field, int depth) {
        JsonNode node = at.node();
        if (node.isNull()) {
            return;
        }
        switch (field.kind()) {
            case STRUCT -> struct(at, field.struct(), depth + 1);
            case STRING, BYTES, TIME, MICRO_TIME -> expect(at, node.isTextual(), "a string");
            case BOOL -> expect(at, node.isBoolean(), "a boolean");
            case INT32 -> expect(at, node.isIntegralNumber() && node.canConvertToInt(), "a 32-bit integer");
            case INT64 -> expect(at, node.isIntegralNumber() && node.canConvertToLong(), "a 64-bit integer");
            case DOUBLE -> expect(at, node.isNumber(), "a number");
            case QUANTITY -> expect(at, Quantities.valid(node), "a quantity");
            case INT_OR_STRING -> expect(at, node.isTextual() || node.isIntegralNumber(), "an integer or a string");
            case RAW, FIELDS -> expect(at, node.isObject(), "an object");
            case JSON, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> {}
        }
    }

    private static void expect(At at, boolean fits, String what) {
        if (!fits) {
            at.typeInvalid("must be " + what);
        }
    }
}
