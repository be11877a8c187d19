package dev.kite.apiserver.podsecurity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The levels of a namespace: by its labels {@code pod-security.kubernetes.io/MODE} and {@code …/MODE-version}, else the configuration's defaults.
 *
 * @param enforce what refuses pods
 * @param audit what is said in audit events
 * @param warn what clients are warned of
 * @param errors labels that name no level or version
 */
record Policy(Level enforce, Level audit, Level warn, List<FieldError> errors) {
    private static final String LABEL = "pod-security.kubernetes.io/";
    private static final String FIELD = "metadata.labels[" + LABEL;

    static Policy of(@Nullable ObjectNode namespace, @Nullable ObjectNode defaults) {
        List<FieldError> errors = new ArrayList<>();
        Level enforce = level(namespace, defaults, "enforce", errors);
        Level audit = level(namespace, defaults, "audit", errors);
        return new Policy(enforce, audit, level(namespace, defaults, "warn", errors), errors);
    }

    private static Level level(
            @Nullable ObjectNode namespace, @Nullable ObjectNode defaults, String mode, List<FieldError> errors) {
        String name = or(Tree.text(defaults, mode), "privileged");
        String version = or(Tree.text(defaults, mode + "-version"), "latest");
        String asked = Tree.text(namespace, "metadata", "labels", LABEL + mode);
        if (!asked.isEmpty()) {
            // Who can't say which level is meant refuses all that might be refused, and warns of nothing.
            name = Level.isName(asked) ? asked : mode.equals("enforce") ? "restricted" : "privileged";
            if (!Level.isName(asked)) {
                errors.add(error(namespace, mode, "must be one of privileged, baseline, restricted"));
            }
        }
        String askedVersion = Tree.text(namespace, "metadata", "labels", LABEL + mode + "-version");
        if (!askedVersion.isEmpty()) {
            version = Level.isVersion(askedVersion) ? askedVersion : "latest";
            if (!Level.isVersion(askedVersion)) {
                errors.add(error(namespace, mode + "-version", "must be \"latest\" or \"v1.x\""));
            }
        }
        return new Level(name, version);
    }

    private static FieldError error(@Nullable ObjectNode namespace, String label, String detail) {
        return new FieldError(
                FieldError.Type.INVALID,
                FIELD + label + "]",
                Tree.at(namespace, "metadata", "labels", LABEL + label),
                detail);
    }

    private static String or(String text, String absent) {
        return text.isEmpty() ? absent : text;
    }
}
