package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with one field.
 *
 * @param type what sort of error
 * @param field the path, for example {@code spec.containers[0].name}
 * @param value the offending value, null where it is shown as null, missing where it isn't shown
 * @param detail the explanation, may be empty
 */
public record FieldError(Type type, String field, @Nullable JsonNode value, String detail) {
    /** Sorts of errors: the cause's reason on the wire and the first words of its message. */
    public enum Type {
        /** Something named was not found. */
        NOT_FOUND("FieldValueNotFound", "Not found"),
        /** A value is missing. */
        REQUIRED("FieldValueRequired", "Required value"),
        /** A value appears twice. */
        DUPLICATE("FieldValueDuplicate", "Duplicate value"),
        /** A value is malformed. */
        INVALID("FieldValueInvalid", "Invalid value"),
        /** A value is not one of those known. */
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
        /** A value may not be given here. */
        FORBIDDEN("FieldValueForbidden", "Forbidden"),
        /** A value is too long. */
        TOO_LONG("FieldValueTooLong", "Too long"),
        /** A value is too short. */
        TOO_SHORT("FieldValueTooShort", "Too short"),
        /** A list or map has too many entries. */
        TOO_MANY("FieldValueTooMany", "Too many"),
        /** A list or map has too few entries. */
        TOO_FEW("FieldValueTooFew", "Too few"),
        /** A value has the wrong type. */
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
        /** What is the server's doing. */
        INTERNAL("InternalError", "Internal error");

        private final String reason;
        private final String words;

        Type(String reason, String words) {
            this.reason = reason;
            this.words = words;
        }

        /** @return the reason in a Status cause */
        public String reason() {
            return reason;
        }
    }

    /** @return the message without the field, as a Status cause has it */
    public String body() {
        StringBuilder out = new StringBuilder(type.words);
        switch (type) {
            case REQUIRED, FORBIDDEN, TOO_LONG, TOO_SHORT, INTERNAL -> {}
            case NOT_FOUND, DUPLICATE, INVALID, NOT_SUPPORTED, TYPE_INVALID, TOO_MANY, TOO_FEW -> {
                if (value == null || !value.isMissingNode()) {
                    out.append(": ").append(value == null ? "null" : value.toString());
                }
            }
        }
        if (!detail.isEmpty()) {
            out.append(": ").append(detail);
        }
        return out.toString();
    }

    /** @return the message with the field in front */
    public String message() {
        return field + ": " + body();
    }
}
