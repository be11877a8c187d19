package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.validation.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What every object's metadata must be. Stateless. */
final class MetaChecks {
    private static final Set<String> OWN_FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");
    private static final int ANNOTATIONS_MAX = 256 * 1024;

    private MetaChecks() {}

    static void create(At metadata, boolean namespaced, Function<String, List<String>> nameRule) {
        String generate = metadata.field("generateName").text();
        if (!generate.isEmpty()) {
            nameRule.apply(masked(generate))
                    .forEach(m -> metadata.field("generateName").invalid(m));
        }
        At name = metadata.field("name");
        if (name.needed("name or generateName is required")) {
            name.each(nameRule);
        }
        At namespace = metadata.field("namespace");
        if (namespaced) {
            if (namespace.needed()) {
                namespace.each(Names::dnsLabel);
            }
        } else if (!namespace.empty()) {
            namespace.forbidden("not allowed on this type");
        }
        common(metadata);
        finalizers(metadata.field("finalizers"));
    }

    /** A finalizer without a domain must be one of Kubernetes' own. */
    static void knownFinalizers(At finalizers) {
        for (At one : finalizers.items()) {
            if (!one.text().contains("/") && !OWN_FINALIZERS.contains(one.text())) {
                one.invalid("name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    /** A prefix may end with a dash: something is added to it. */
    static String masked(String prefix) {
        return prefix.length() > 1 && prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 2) + "a" : prefix;
    }

    static void update(At metadata, At old) {
        if (!old.field("deletionTimestamp").empty()) {
            Set<String> added = new TreeSet<>(Tree.texts(metadata.node(), "finalizers"));
            Tree.texts(old.node(), "finalizers").forEach(added::remove);
            if (!added.isEmpty()) {
                metadata.field("finalizers")
                        .forbidden(
                                "no new finalizers can be added if the object is being deleted, found new finalizers "
                                        + added);
            }
        }
        if (metadata.field("resourceVersion").empty()) {
            metadata.field("resourceVersion").invalid("must be specified for an update");
        }
        if (metadata.field("generation").number() < old.field("generation").number()) {
            metadata.field("generation").invalid("must not be decremented");
        }
        for (String field : List.of(
                "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")) {
            metadata.field(field).immutable(old.field(field));
        }
        common(metadata);
    }

    /** Metadata of a template: labels and annotations, and nothing else. */
    static void template(At metadata) {
        labels(metadata.field("labels"));
        for (String field : List.of(
                "name",
                "generateName",
                "namespace",
                "selfLink",
                "uid",
                "resourceVersion",
                "generation",
                "creationTimestamp",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "ownerReferences",
                "finalizers",
                "managedFields")) {
            At at = metadata.field(field);
            if (!at.empty() && !(at.node().isNumber() && at.number() == 0)) {
                at.told(metadata.path() + "." + (field.equals("uid") ? "uID" : field))
                        .forbidden("cannot be set");
            }
        }
    }

    private static void common(At metadata) {
        metadata.field("generation").nonNegative();
        labels(metadata.field("labels"));
        annotations(metadata.field("annotations"));
        owners(metadata.field("ownerReferences"));
        for (At entry : metadata.field("managedFields").items()) {
            At operation = entry.field("operation");
            if (operation.needed("must not be empty")) {
                operation.oneOf("Apply", "Update");
            }
            if (!entry.field("fieldsType").empty()
                    && !entry.field("fieldsType").text().equals("FieldsV1")) {
                entry.field("fieldsType").invalid("must be `FieldsV1`");
            }
            if (entry.field("manager").text().getBytes(StandardCharsets.UTF_8).length > 128) {
                entry.field("manager").tooLong(128);
            }
        }
    }

    static void labels(At labels) {
        for (Map.Entry<String, JsonNode> label : sorted(labels)) {
            Names.qualifiedName(label.getKey()).forEach(m -> labels.invalid(label.getKey(), m));
            String value = label.getValue().asText();
            Names.labelValue(value).forEach(m -> labels.invalid(value, m));
        }
    }

    static List<Map.Entry<String, JsonNode>> sorted(At map) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(map.entries());
        entries.sort(Comparator.comparing(Map.Entry::getKey));
        return entries;
    }

    static void annotations(At annotations) {
        long size = 0;
        for (Map.Entry<String, JsonNode> one : sorted(annotations)) {
            Names.annotationKey(one.getKey()).forEach(m -> annotations.invalid(one.getKey(), m));
            size += one.getKey().getBytes(StandardCharsets.UTF_8).length;
            size += one.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        if (size > ANNOTATIONS_MAX) {
            annotations.tooLong(ANNOTATIONS_MAX);
        }
    }

    private static void owners(At owners) {
        String controller = "";
        for (At owner : owners.items()) {
            At version = owner.field("apiVersion");
            if (version.needed("must not be empty")) {
                String text = version.text();
                if (text.endsWith("/") || text.indexOf('/') != text.lastIndexOf('/')) {
                    version.invalid("must be <group>/<version> or <version>");
                }
            }
            for (String field : List.of("kind", "name", "uid")) {
                owner.field(field).needed("must not be empty");
            }
            if (version.text().equals("v1") && owner.field("kind").text().equals("Event")) {
                owner.invalid("/v1, Kind=Event is disallowed from being an owner");
            }
            if (owner.field("controller").flag()) {
                String name =
                        owner.field("kind").text() + "/" + owner.field("name").text();
                if (controller.isEmpty()) {
                    controller = name;
                } else {
                    owners.invalid(
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller + " and " + name);
                }
            }
        }
    }

    private static void finalizers(At finalizers) {
        List<String> all = Tree.texts(finalizers.node());
        for (String name : all) {
            Names.qualifiedName(name).forEach(m -> finalizers.invalid(name, m));
        }
        if (all.contains("orphan") && all.contains("foregroundDeletion")) {
            finalizers.invalid("finalizer orphan and foregroundDeletion cannot be both set");
        }
    }
}
