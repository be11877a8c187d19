package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.apiserver.KindProvider;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.ApiResource.Subresource;
import dev.kite.apiserver.registry.GroupOrder;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.table.CustomColumn;
import dev.kite.apiserver.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes resources of CustomResourceDefinitions and of bundles' kinds. Stateless. */
public final class Definitions {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    private Definitions() {}

    /**
     * Makes a definition's resources, one for each served version.
     *
     * @param definition a CustomResourceDefinition
     * @param versions its versions
     * @return its resources; none until it is established
     */
    static List<ApiResource> of(ObjectNode definition, CustomVersions versions) {
        List<ApiResource> resources = new ArrayList<>();
        if (!established(definition)) {
            return resources;
        }
        for (ObjectNode version : Tree.objects(definition, "spec", "versions")) {
            if (Tree.flag(version, "served")) {
                resources.add(resource(definition, version, versions));
            }
        }
        return resources;
    }

    /**
     * Makes the resource of the version in which a definition's objects are stored, whether or not it is served.
     *
     * @param definition a CustomResourceDefinition
     * @param versions its versions
     * @return the resource, null where the definition names no such version
     */
    static @Nullable ApiResource stored(ObjectNode definition, CustomVersions versions) {
        return Tree.objects(definition, "spec", "versions").stream()
                .filter(version -> Tree.flag(version, "storage"))
                .map(version -> resource(definition, version, versions))
                .findFirst()
                .orElse(null);
    }

    private static boolean established(ObjectNode definition) {
        return Tree.objects(definition, "status", "conditions").stream()
                .anyMatch(condition -> Tree.text(condition, "type").equals("Established")
                        && Tree.text(condition, "status").equals("True"));
    }

    /**
     * Finds the version in which a definition's objects are stored.
     *
     * @param definition a CustomResourceDefinition
     * @return the version's name, empty where it names none
     */
    public static String storageVersion(ObjectNode definition) {
        return Tree.objects(definition, "spec", "versions").stream()
                .filter(version -> Tree.flag(version, "storage"))
                .map(version -> Tree.text(version, "name"))
                .findFirst()
                .orElse("");
    }

    private static ApiResource resource(ObjectNode definition, ObjectNode version, CustomVersions versions) {
        JsonNode spec = definition.path("spec");
        JsonNode names = Tree.at(definition, "status", "acceptedNames");
        String group = Tree.text(spec, "group");
        String plural = Tree.text(names, "plural");
        String kind = Tree.text(names, "kind");
        String listKind = Tree.text(names, "listKind");
        CustomKind custom = kind(definition, version, versions);
        return new ApiResource(
                group,
                Tree.text(version, "name"),
                plural,
                Tree.text(names, "singular"),
                kind,
                listKind.isEmpty() ? kind + "List" : listKind,
                Tree.text(spec, "scope").equals("Namespaced"),
                VERBS,
                Tree.texts(names, "shortNames"),
                Tree.texts(names, "categories"),
                subresources(
                        group, Tree.text(version, "name"), kind, Tree.has(version, "subresources", "status"), custom),
                new ApiResource.Stored(Keys.custom(group, plural), group, storageVersion(definition), kind),
                custom);
    }

    private static Map<String, Subresource> subresources(
            String group, String version, String kind, boolean status, CustomKind custom) {
        Map<String, Subresource> below = new HashMap<>();
        if (status) {
            below.put("status", new Subresource("status", group, version, kind, SUBRESOURCE_VERBS));
        }
        if (custom.scale() != null) {
            below.put("scale", new Subresource("scale", "autoscaling", "v1", "Scale", SUBRESOURCE_VERBS));
        }
        return below;
    }

    private static CustomKind kind(ObjectNode definition, ObjectNode version, CustomVersions versions) {
        KindSchema schema = java.util.Objects.requireNonNull(versions.schema(Tree.text(version, "name")));
        List<CustomColumn> columns = new ArrayList<>();
        for (ObjectNode column : Tree.objects(version, "additionalPrinterColumns")) {
            columns.add(new CustomColumn(
                    Tree.text(column, "name"),
                    Tree.text(column, "type"),
                    Tree.text(column, "format"),
                    Tree.text(column, "description"),
                    (int) Tree.number(column, "priority"),
                    Tree.text(column, "jsonPath")));
        }
        List<String> selectable = Tree.objects(version, "selectableFields").stream()
                .map(field -> Tree.text(field, "jsonPath"))
                .filter(path -> path.startsWith("."))
                .map(path -> path.substring(1))
                .toList();
        return new CustomKind(
                schema,
                Tree.flag(definition, "spec", "preserveUnknownFields"),
                columns,
                selectable,
                versions,
                scale(Tree.object(version, "subresources", "scale")),
                deprecation(definition, version),
                Tree.has(definition, "metadata", "deletionTimestamp"),
                Tree.text(definition, "metadata", "name"));
    }

    /** The version's own words, or those that say what to use instead. */
    private static String deprecation(ObjectNode definition, ObjectNode version) {
        if (!Tree.flag(version, "deprecated")) {
            return "";
        }
        String own = Tree.text(version, "deprecationWarning");
        if (!own.isEmpty()) {
            return own;
        }
        String group = Tree.text(definition, "spec", "group");
        String kind = Tree.text(definition, "spec", "names", "kind");
        String name = Tree.text(version, "name");
        String newer = Tree.objects(definition, "spec", "versions").stream()
                .filter(other -> Tree.flag(other, "served") && !Tree.flag(other, "deprecated"))
                .map(other -> Tree.text(other, "name"))
                .filter(other -> GroupOrder.VERSIONS.compare(other, name) < 0)
                .min(GroupOrder.VERSIONS)
                .map(other -> "; use " + group + "/" + other + " " + kind)
                .orElse("");
        return group + "/" + name + " " + kind + " is deprecated" + newer;
    }

    private static CustomKind.@Nullable Scale scale(@Nullable ObjectNode scale) {
        return scale == null
                ? null
                : new CustomKind.Scale(
                        Tree.text(scale, "specReplicasPath"),
                        Tree.text(scale, "statusReplicasPath"),
                        Tree.text(scale, "labelSelectorPath"));
    }

    /**
     * Makes the resources of a bundle's kinds.
     *
     * @param provider the kinds
     * @return a resource a kind
     */
    public static List<ApiResource> of(KindProvider provider) {
        return provider.kinds().stream().map(kind -> resource(provider, kind)).toList();
    }

    private static ApiResource resource(KindProvider provider, KindProvider.KindDefinition definition) {
        String group = provider.group();
        ObjectNode schema = Trees.parse(definition.openApiV3Schema().getBytes(StandardCharsets.UTF_8));
        List<CustomColumn> columns = definition.columns().stream()
                .map(column -> new CustomColumn(
                        column.name(), column.type(), "", "", column.wide() ? 1 : 0, column.jsonPath()))
                .toList();
        KindSchema rules = new KindSchema(schema);
        CustomKind custom = new CustomKind(
                rules,
                false,
                columns,
                List.of(),
                CustomVersions.of(group, provider.version(), definition.kind(), rules),
                null,
                "",
                false,
                group + "/" + provider.version());
        return new ApiResource(
                group,
                provider.version(),
                definition.plural(),
                definition.singular(),
                definition.kind(),
                definition.kind() + "List",
                definition.namespaced(),
                VERBS,
                definition.shortNames(),
                definition.categories(),
                subresources(group, provider.version(), definition.kind(), definition.statusSubresource(), custom),
                new ApiResource.Stored(
                        Keys.custom(group, definition.plural()), group, provider.version(), definition.kind()),
                custom);
    }
}
