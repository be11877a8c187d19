package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Columns of custom kinds: the name, then what its definition names by JSONPath, or else its age. */
final class CustomColumns {
    private CustomColumns() {}

    static List<Column> of(List<CustomColumn> custom) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.NAME);
        if (custom.isEmpty()) {
            columns.add(column(new CustomColumn("Age", "date", "", "", 0, ".metadata.creationTimestamp")));
        }
        custom.forEach(column -> columns.add(column(column)));
        return columns;
    }

    private static Column column(CustomColumn custom) {
        String description =
                custom.description().isEmpty() ? "the value at " + custom.jsonPath() : custom.description();
        Optional<JsonPath> path = JsonPath.parse(custom.jsonPath());
        return new Column(
                new ColumnDefinition(custom.name(), custom.type(), custom.format(), description, custom.priority()),
                row -> path.flatMap(p -> p.first(row.object()))
                        .map(value -> cell(custom.type(), value, row.now()))
                        .orElse(null));
    }

    private static @Nullable Object cell(String type, JsonNode value, Instant now) {
        return switch (type) {
            case "integer" -> value.isNumber() ? value.longValue() : null;
            case "number" -> number(value);
            case "boolean" -> value.isBoolean() ? value.booleanValue() : null;
            case "date" -> date(value, now);
            case "string" -> value.isNull() ? null : value.isValueNode() ? value.asText() : value.toString();
            default -> null;
        };
    }

    private static @Nullable Object number(JsonNode value) {
        return value.isNumber() ? (Object) value.doubleValue() : null;
    }

    private static @Nullable Object date(JsonNode value, Instant now) {
        if (!value.isTextual()) {
            return null;
        }
        return value.textValue().isEmpty() || Age.parse(value.textValue()) != null
                ? Age.since(value.textValue(), now)
                : "<invalid>";
    }
}
