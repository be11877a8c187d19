package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates what definitions say beyond names and scope: schemas, defaults, subresources, columns, selectable fields, approval. What was wrong with a version's
 * schema before an update doesn't keep the update from other things: that is how definitions of old survive. Stateless.
 */
public final class DefinitionChecks {
    private static final String APPROVAL = "api-approved.kubernetes.io";
    private static final int MOST_SELECTABLE = 8;
    private static final List<String> COLUMN_FORMATS =
            List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");
    private static final Set<String> AT_ROOT = Set.of(
            "description",
            "type",
            "format",
            "title",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "multipleOf",
            "required",
            "items",
            "properties",
            "externalDocs",
            "example",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-validations");

    private final List<FieldError> errors = new ArrayList<>();

    private final CustomRules rules;

    private DefinitionChecks(CustomRules rules) {
        this.rules = rules;
    }

    /**
     * Validates a definition.
     *
     * @param rules compiles rules
     * @param definition the definition
     * @param old as it is, null for a new one
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> check(CustomRules rules, ObjectNode definition, @Nullable ObjectNode old) {
        DefinitionChecks checks = new DefinitionChecks(rules);
        if (Tree.flag(definition, "spec", "preserveUnknownFields")
                && !Tree.flag(old, "spec", "preserveUnknownFields")) {
            checks.add(
                    FieldError.Type.INVALID,
                    "spec.preserveUnknownFields",
                    Tree.at(definition, "spec", "preserveUnknownFields"),
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
        }
        checks.versions(Tree.objects(definition, "spec", "versions"), old);
        checks.conversion(Tree.at(definition, "spec", "conversion"));
        checks.approval(definition, old);
        return checks.errors;
    }

    private static @Nullable ObjectNode version(@Nullable ObjectNode old, String name) {
        return Tree.objects(old, "spec", "versions").stream()
                .filter(version -> Tree.text(version, "name").equals(name))
                .findFirst()
                .orElse(null);
    }

    /** What all versions have alike is checked once and named by spec, as in the days when definitions had it there. */
    private void versions(List<ObjectNode> versions, @Nullable ObjectNode old) {
        boolean status = versions.stream().anyMatch(version -> Tree.has(version, "subresources", "status"));
        for (int i = 0; i < versions.size(); i++) {
            ObjectNode version = versions.get(i);
            ObjectNode before = version(old, Tree.text(version, "name"));
            String path = "spec.versions[" + i + "]";
            deprecation(version, path + ".deprecationWarning");
            if (!alike(versions, "schema")) {
                schema(version, before, Tree.has(version, "subresources", "status"), path + ".schema");
            }
            if (!alike(versions, "subresources")) {
                scale(Tree.object(version, "subresources", "scale"), path + ".subresources.scale.");
            }
            if (!alike(versions, "additionalPrinterColumns")) {
                columns(version, path);
            }
            if (!alike(versions, "selectableFields")) {
                selectable(version, Tree.at(before, "selectableFields"), path + ".selectableFields");
            }
        }
        if (versions.isEmpty()) {
            return;
        }
        ObjectNode first = versions.getFirst();
        ObjectNode before = version(old, Tree.text(first, "name"));
        if (alike(versions, "schema")) {
            schema(first, before, status, "spec.validation");
        }
        if (alike(versions, "subresources")) {
            scale(Tree.object(first, "subresources", "scale"), "spec.subresources.scale.");
        }
        if (alike(versions, "additionalPrinterColumns")) {
            columns(first, "spec");
        }
        if (alike(versions, "selectableFields")) {
            selectable(first, Tree.at(before, "selectableFields"), "spec.selectableFields");
        }
    }

    private static boolean alike(List<ObjectNode> versions, String field) {
        return versions.stream()
                .allMatch(version ->
                        version.path(field).equals(versions.getFirst().path(field)));
    }

    private void columns(ObjectNode version, String path) {
        List<ObjectNode> columns = Tree.objects(version, "additionalPrinterColumns");
        for (int i = 0; i < columns.size(); i++) {
            String at = path + ".additionalPrinterColumns[" + i + "]";
            String format = Tree.text(columns.get(i), "format");
            if (!format.isEmpty() && !COLUMN_FORMATS.contains(format)) {
                add(
                        FieldError.Type.INVALID,
                        at + ".format",
                        columns.get(i).get("format"),
                        "must be one of " + String.join(",", COLUMN_FORMATS));
            }
            path(columns.get(i), "jsonPath", at + ".", "JSONPath");
        }
    }

    private void schema(ObjectNode version, @Nullable ObjectNode old, boolean status, String path) {
        ObjectNode schema = Tree.object(version, "schema", "openAPIV3Schema");
        if (schema != null && !schema.equals(Tree.object(old, "schema", "openAPIV3Schema"))) {
            schema(schema, status, path + ".openAPIV3Schema");
        }
    }

    private void conversion(JsonNode conversion) {
        JsonNode versions = Tree.at(conversion, "webhook", "conversionReviewVersions");
        String path = "spec.conversion.conversionReviewVersions";
        if (!Tree.text(conversion, "strategy").equals("Webhook")) {
            if (conversion.hasNonNull("webhook")) {
                add(
                        FieldError.Type.FORBIDDEN,
                        "spec.conversion.webhookClientConfig",
                        null,
                        "should not be set when strategy is not set to Webhook");
            }
            return;
        }
        List<String> names = Tree.texts(conversion, "webhook", "conversionReviewVersions");
        if (names.isEmpty()) {
            add(FieldError.Type.REQUIRED, path, null, "");
        } else if (!names.contains("v1") && !names.contains("v1beta1")) {
            add(FieldError.Type.INVALID, path, versions, "must include at least one of v1, v1beta1");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                add(FieldError.Type.INVALID, path + "[" + i + "]", versions.get(i), "duplicate version");
            }
        }
    }

    private void deprecation(ObjectNode version, String path) {
        JsonNode warning = version.get("deprecationWarning");
        if (warning == null || warning.isNull()) {
            return;
        }
        String text = warning.asText();
        if (!Tree.flag(version, "deprecated")) {
            add(FieldError.Type.INVALID, path, warning, "can only be set for deprecated versions");
        } else if (text.length() > 256) {
            add(FieldError.Type.INVALID, path, warning, "must be <= 256 characters long");
        } else if (text.isEmpty()) {
            add(FieldError.Type.INVALID, path, warning, "must not be an empty string");
        }
        int control = 0;
        while (control < text.length() && !Character.isISOControl(text.charAt(control))) {
            control++;
        }
        if (control < text.length()) {
            add(
                    FieldError.Type.INVALID,
                    path,
                    warning,
                    "must only contain printable UTF-8 characters; non-printable character found at index " + control);
        }
    }

    private void schema(ObjectNode schema, boolean status, String path) {
        if (status) {
            schema.properties().stream()
                    .map(java.util.Map.Entry::getKey)
                    .filter(name -> !AT_ROOT.contains(name))
                    .findFirst()
                    .ifPresent(
                            name -> add(
                                    FieldError.Type.INVALID,
                                    path,
                                    TextNode.valueOf(name),
                                    "only certain fields are allowed at the root of the schema if the status subresource is enabled"));
        }
        List<FieldError> structural = Structural.check(schema, path);
        errors.addAll(structural);
        List<FieldError> constructs = new ArrayList<>();
        new SchemaChecks(constructs).root(schema, path);
        errors.addAll(constructs);
        if (structural.isEmpty()) {
            List<FieldError> defaults = DefaultChecks.check(rules, new KindSchema(schema), path);
            errors.addAll(defaults.isEmpty() ? RuleChecks.check(rules.compiler(), schema, path, constructs) : defaults);
        }
    }

    private void scale(@Nullable ObjectNode scale, String path) {
        if (scale == null) {
            return;
        }
        under(scale, "specReplicasPath", path, ".spec.");
        under(scale, "statusReplicasPath", path, ".status.");
        String selector = Tree.text(scale, "labelSelectorPath");
        if (!selector.isEmpty()
                && path(scale, "labelSelectorPath", path, "labelSelectorPath")
                && !selector.startsWith(".spec.")
                && !selector.startsWith(".status.")) {
            add(
                    FieldError.Type.INVALID,
                    path + "labelSelectorPath",
                    scale.get("labelSelectorPath"),
                    "should be a json path under either .spec or .status");
        }
    }

    private void under(ObjectNode scale, String field, String path, String start) {
        if (Tree.text(scale, field).isEmpty()) {
            add(FieldError.Type.REQUIRED, path + field, null, "");
        } else if (path(scale, field, path, field) && !Tree.text(scale, field).startsWith(start)) {
            add(
                    FieldError.Type.INVALID,
                    path + field,
                    scale.get(field),
                    "should be a json path under " + start.substring(0, start.length() - 1));
        }
    }

    private boolean path(ObjectNode at, String field, String path, String shown) {
        String text = Tree.text(at, field);
        if (!text.isEmpty() && !text.startsWith(".")) {
            add(FieldError.Type.INVALID, path + shown, at.get(field), "must be a simple json path starting with .");
            return false;
        }
        return true;
    }

    private void selectable(ObjectNode version, JsonNode old, String path) {
        ObjectNode schema = Tree.object(version, "schema", "openAPIV3Schema");
        List<ObjectNode> fields = Tree.objects(version, "selectableFields");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            String at = path + "[" + i + "].jsonPath";
            String text = Tree.text(fields.get(i), "jsonPath");
            if (text.isEmpty()) {
                add(FieldError.Type.REQUIRED, at, null, "");
                continue;
            }
            JsonNode target = schema == null ? version.path("") : SchemaPaths.find(schema, text);
            JsonNode shown = fields.get(i).get("jsonPath");
            if (target.isMissingNode()) {
                add(FieldError.Type.INVALID, at, shown, "is an invalid path: does not refer to a valid field");
                continue;
            }
            if (text.startsWith(".metadata")) {
                add(FieldError.Type.INVALID, at, shown, "must not point to fields in metadata");
            }
            if (!List.of("string", "boolean", "integer").contains(Tree.text(target, "type"))) {
                add(
                        FieldError.Type.INVALID,
                        at,
                        shown,
                        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.");
            }
            if (!seen.add(text)) {
                add(FieldError.Type.DUPLICATE, at, shown, "");
            }
        }
        if (seen.size() > MOST_SELECTABLE && !version.path("selectableFields").equals(old)) {
            add(
                    FieldError.Type.TOO_MANY,
                    path,
                    com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.numberNode(seen.size()),
                    "must have at most " + MOST_SELECTABLE + " items");
        }
    }

    private void approval(ObjectNode definition, @Nullable ObjectNode old) {
        Approval now = Approval.of(definition);
        boolean unchanged = old != null && now.state() == Approval.of(old).state();
        if (!Approval.isProtected(Tree.text(definition, "spec", "group")) || unchanged) {
            return;
        }
        String path = "metadata.annotations[" + APPROVAL + "]";
        switch (now.state()) {
            case INVALID ->
                add(
                        FieldError.Type.INVALID,
                        path,
                        Tree.at(definition, "metadata", "annotations", APPROVAL),
                        now.reason());
            case MISSING -> add(FieldError.Type.REQUIRED, path, null, now.reason());
            case APPROVED, BYPASSED -> {}
        }
    }

    private void add(FieldError.Type type, String path, @Nullable JsonNode value, String detail) {
        errors.add(new FieldError(type, path, value == null ? TextNode.valueOf("") : value, detail));
    }
}
