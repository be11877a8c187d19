package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** The answer to an object that does not validate: 422, reason Invalid, a cause for each error. Stateless. */
public final class Invalid {
    private Invalid() {}

    /**
     * Words the message.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param name the object's name
     * @param errors what is wrong
     * @return for example {@code Pod "x" is invalid: spec.containers: Required value}
     */
    public static String message(String group, String kind, String name, List<FieldError> errors) {
        SequencedSet<String> messages = new LinkedHashSet<>();
        for (FieldError error : errors) {
            messages.add(error.message());
        }
        String head = (group.isEmpty() ? kind : kind + "." + group) + " \"" + name + "\" is invalid";
        return switch (messages.size()) {
            case 0 -> head;
            case 1 -> head + ": " + messages.getFirst();
            default -> head + ": [" + String.join(", ", messages) + "]";
        };
    }

    /**
     * Makes the Status.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param name the object's name
     * @param errors what is wrong
     * @return a v1 Status with code 422
     */
    public static ObjectNode status(String group, String kind, String name, List<FieldError> errors) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure")
                .put("message", message(group, kind, name, errors))
                .put("reason", "Invalid");
        status.set("details", details(group, kind, name, errors));
        return status.put("code", 422);
    }

    /**
     * Makes the Status' details.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param name the object's name
     * @param errors what is wrong
     * @return name, group, kind and causes
     */
    public static ObjectNode details(String group, String kind, String name, List<FieldError> errors) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", kind);
        if (!errors.isEmpty()) {
            ArrayNode causes = details.putArray("causes");
            for (FieldError error : errors) {
                causes.addObject()
                        .put("reason", error.type().reason())
                        .put("message", error.body())
                        .put("field", error.field());
            }
        }
        return details;
    }
}
