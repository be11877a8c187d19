package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.Times;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes metadata.managedFields. */
public final class ManagedFields {
    private static final Comparator<Owner> ORDER = Comparator.comparing((Owner owner) -> !owner.applied())
            .thenComparing(owner -> owner.time() == null ? Instant.EPOCH : owner.time())
            .thenComparing(Owner::manager)
            .thenComparing(Owner::apiVersion)
            .thenComparing(Owner::subresource);

    private ManagedFields() {}

    /**
     * The owners that an object names.
     *
     * @throws IllegalArgumentException where an entry is malformed
     */
    public static List<Owner> read(ObjectNode object) {
        List<Owner> owners = new ArrayList<>();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            owners.add(owner(entry));
        }
        return owners;
    }

    private static Owner owner(JsonNode entry) {
        String operation = entry.path("operation").asText();
        if (!operation.equals("Apply") && !operation.equals("Update")) {
            throw new IllegalArgumentException("operation must be Apply or Update, not \"" + operation + "\"");
        }
        if (!entry.path("fieldsType").asText("FieldsV1").equals("FieldsV1")) {
            throw new IllegalArgumentException("fieldsType must be FieldsV1");
        }
        JsonNode fields = entry.path("fieldsV1");
        return new Owner(
                entry.path("manager").asText(),
                operation.equals("Apply"),
                entry.path("apiVersion").asText(),
                entry.path("subresource").asText(),
                time(entry.path("time").asText()),
                fields.isObject() ? FieldSet.parse(fields) : FieldSet.EMPTY);
    }

    private static @Nullable Instant time(String text) {
        try {
            return text.isEmpty() || text.equals("null") ? null : Times.parse(text, ChronoUnit.SECONDS);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no time: " + text, e);
        }
    }

    /** Whether the object asks that all ownership be forgotten: by an empty list, or one empty entry. */
    static boolean isReset(ObjectNode object) {
        JsonNode list = object.path("metadata").path("managedFields");
        return list.isArray()
                && (list.isEmpty() || (list.size() == 1 && list.get(0).isEmpty()));
    }

    /** Changes an object to name these owners, in their order; none removes the list. */
    public static void write(ObjectNode object, List<Owner> owners) {
        JsonNode metadata = object.get("metadata");
        if (owners.isEmpty()) {
            if (metadata instanceof ObjectNode present) {
                present.remove("managedFields");
            }
            return;
        }
        ArrayNode list = object.withObject("/metadata").putArray("managedFields");
        owners.stream().sorted(ORDER).forEach(owner -> {
            ObjectNode entry = list.addObject();
            entry.put("manager", owner.manager());
            entry.put("operation", owner.applied() ? "Apply" : "Update");
            entry.put("apiVersion", owner.apiVersion());
            Instant time = owner.time();
            if (time != null) {
                entry.put("time", Times.seconds(time));
            }
            entry.put("fieldsType", "FieldsV1");
            entry.set("fieldsV1", owner.fields().toJson());
            if (!owner.subresource().isEmpty()) {
                entry.put("subresource", owner.subresource());
            }
        });
    }

    /** A copy of the object without the list. */
    static ObjectNode strip(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        write(copy, List.of());
        return copy;
    }
}
