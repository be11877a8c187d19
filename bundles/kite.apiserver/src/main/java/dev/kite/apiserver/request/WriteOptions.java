package dev.kite.apiserver.request;

import dev.kite.apiserver.request.Intent.FieldValidation;
import dev.kite.apiserver.request.StatusException.Cause;
import java.util.ArrayList;
import java.util.List;

/** The rules for CreateOptions, UpdateOptions, PatchOptions and DeleteOptions (apimachinery's meta/v1 validation). Stateless. */
public final class WriteOptions {
    private static final int LONGEST_MANAGER = 128;

    private WriteOptions() {}

    /**
     * Reads dryRun.
     *
     * @param method the request's method, which says what the options are called
     * @param values its values
     * @return whether nothing is to be stored
     * @throws StatusException 422 where a value is not {@code All}
     */
    public static boolean dryRun(String method, List<String> values) {
        List<Cause> causes = new ArrayList<>();
        for (String value : values) {
            if (!value.equals("All")) {
                causes.add(new Cause(
                        "FieldValueNotSupported",
                        "Unsupported value: \"" + value + "\": supported values: \"All\"",
                        "dryRun"));
            }
        }
        refuse(method, causes);
        return !values.isEmpty();
    }

    static FieldValidation fieldValidation(String method, String value) {
        return switch (value) {
            case "", "Warn" -> FieldValidation.WARN;
            case "Strict" -> FieldValidation.STRICT;
            case "Ignore" -> FieldValidation.IGNORE;
            default ->
                throw invalid(
                        method,
                        List.of(new Cause(
                                "FieldValueNotSupported",
                                "Unsupported value: \"" + value
                                        + "\": supported values: \"Ignore\", \"Strict\", \"Warn\"",
                                "fieldValidation")));
        };
    }

    static void checkManager(String method, String manager) {
        List<Cause> causes = new ArrayList<>();
        if (manager.length() > LONGEST_MANAGER) {
            causes.add(new Cause(
                    "FieldValueTooLong",
                    "Too long: may not be more than " + LONGEST_MANAGER + " bytes",
                    "fieldManager"));
        }
        if (manager.codePoints().anyMatch(WriteOptions::unprintable)) {
            causes.add(new Cause(
                    "FieldValueInvalid",
                    "Invalid value: \"" + manager + "\": should only contain printable characters",
                    "fieldManager"));
        }
        refuse(method, causes);
    }

    /** As Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space. */
    private static boolean unprintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            case Character.SPACE_SEPARATOR -> point != ' ';
            default -> false;
        };
    }

    /**
     * Refuses {@code force} where the patch is none that could be forced.
     *
     * @param call the patch that is no apply
     * @throws StatusException 422 where it carries force
     */
    public static void checkNotForced(Call call) {
        if (!call.query().all("force").isEmpty()) {
            throw invalid(
                    "PATCH",
                    List.of(new Cause(
                            "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch", "force")));
        }
    }

    private static void refuse(String method, List<Cause> causes) {
        if (!causes.isEmpty()) {
            throw invalid(method, causes);
        }
    }

    private static StatusException invalid(String method, List<Cause> causes) {
        return Errors.invalid("meta.k8s.io", kind(method), "", causes);
    }

    private static String kind(String method) {
        return switch (method) {
            case "PUT" -> "UpdateOptions";
            case "PATCH" -> "PatchOptions";
            case "DELETE" -> "DeleteOptions";
            default -> "CreateOptions";
        };
    }
}
