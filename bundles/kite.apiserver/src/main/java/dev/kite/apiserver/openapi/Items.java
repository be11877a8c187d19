package dev.kite.apiserver.openapi;

import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.openapi.Operation.Item;
import dev.kite.apiserver.openapi.Operation.Kind;
import dev.kite.apiserver.openapi.Operation.Parameter;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** The paths of one group version and what can be done there. Confined to its thread. */
final class Items {
    private static final List<String> ANY = List.of("*/*");
    private static final List<String> PATCHES = List.of(
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json");

    private static final Set<String> DELETED_COMES_BACK = Set.of(
            "/PersistentVolume",
            "/PersistentVolumeClaim",
            "/Pod",
            "/PodTemplate",
            "/ResourceQuota",
            "/Service",
            "/ServiceAccount",
            "storage.k8s.io/CSIDriver",
            "storage.k8s.io/CSINode",
            "storage.k8s.io/StorageClass",
            "storage.k8s.io/VolumeAttachment",
            "storage.k8s.io/VolumeAttributesClass");

    private final String group;
    private final String version;
    private final String prefix;
    private final String tag;
    /** AppsV1, CoreV1, RbacAuthorizationV1. */
    private final String camel;
    /** The definition of a kind. */
    private final Function<Kind, String> definitions;
    /** Whether a kind is custom: strategic merge patch does not know it. */
    private final Function<Kind, Boolean> custom;

    private final List<Item> items = new ArrayList<>();

    private Items(String group, String version, Function<Kind, String> definitions, Function<Kind, Boolean> custom) {
        this.group = group;
        this.version = version;
        this.prefix = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        this.camel = camel(group, true) + upper(version);
        this.tag = camel(group, false) + "_" + version;
        this.definitions = definitions;
        this.custom = custom;
    }

    static List<Item> of(
            String group, Catalog.Version version, Function<Kind, String> definitions, Function<Kind, Boolean> custom) {
        Items made = new Items(group, version.name(), definitions, custom);
        made.resourceList();
        version.resources().forEach(made::resource);
        made.items.sort(Comparator.comparing(Item::path));
        return made.items;
    }

    private static String upper(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** A group as part of a name: without .k8s.io, dots as capitals. */
    static String camel(String group, boolean first) {
        String bare =
                group.isEmpty() ? "core" : group.endsWith(".k8s.io") ? group.substring(0, group.length() - 7) : group;
        StringBuilder words = new StringBuilder();
        for (String part : bare.split("\\.")) {
            words.append(words.isEmpty() && !first ? part : upper(part));
        }
        return words.toString();
    }

    private void resourceList() {
        String list = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList";
        items.add(new Item(
                prefix + "/",
                tag,
                List.of(),
                List.of(new Operation(
                        "get",
                        "get" + camel + "APIResources",
                        "",
                        null,
                        "get available resources",
                        List.of(),
                        null,
                        false,
                        ANY,
                        List.of(200),
                        list,
                        false))));
    }

    private void resource(Catalog.Resource resource) {
        Kind kind = new Kind(group, version, resource.kind());
        String scope = resource.namespaced() ? "Namespaced" : "";
        String name = camel + scope + resource.kind();
        String base = prefix + (resource.namespaced() ? "/namespaces/{namespace}/" : "/") + resource.name();
        List<Parameter> outer = resource.namespaced() ? List.of(Parameters.NAMESPACE) : List.of();
        List<Parameter> inner = Parameters.with(List.of(Parameters.NAME), outer.toArray(new Parameter[0]));
        if (resource.namespaced() && resource.verbs().contains("list")) {
            items.add(item(
                    prefix + "/" + resource.name(),
                    List.of(),
                    List.of(list("list" + camel + resource.kind() + "ForAllNamespaces", kind))));
        }
        collection(resource, kind, name, base, outer);
        List<Operation> single = new ArrayList<>();
        for (String verb : resource.verbs()) {
            switch (verb) {
                case "get" -> single.add(read("read" + name, kind));
                case "update" -> single.add(write("put", "replace" + name, kind));
                case "patch" -> single.add(patch("patch" + name, kind));
                case "delete" -> single.add(delete("delete" + name, kind));
                default -> {}
            }
        }
        if (!single.isEmpty()) {
            items.add(item(base + "/{name}", inner, single));
        }
        for (Catalog.Subresource sub : resource.subresources()) {
            subresource(resource, sub, base + "/{name}/" + sub.name(), scope, inner);
        }
    }

    private void collection(Catalog.Resource resource, Kind kind, String name, String base, List<Parameter> outer) {
        List<Operation> operations = new ArrayList<>();
        for (String verb : resource.verbs()) {
            switch (verb) {
                case "list" -> operations.add(list("list" + name, kind));
                case "create" -> operations.add(write("post", "create" + name, kind));
                case "deletecollection" ->
                    operations.add(deleteCollection(
                            "delete" + camel + "Collection" + (resource.namespaced() ? "Namespaced" : "")
                                    + resource.kind(),
                            kind));
                default -> {}
            }
        }
        if (!operations.isEmpty()) {
            items.add(item(base, outer, operations));
        }
    }

    private void subresource(
            Catalog.Resource resource, Catalog.Subresource sub, String path, String scope, List<Parameter> inner) {
        Kind kind = new Kind(sub.group(), sub.version(), sub.kind());
        String name = scope + resource.kind() + upper(sub.name());
        if (sub.kind().endsWith("Options")) {
            connect(sub, kind, path, name, inner);
            return;
        }
        List<Operation> operations = new ArrayList<>();
        for (String verb : sub.verbs()) {
            switch (verb) {
                case "get" ->
                    operations.add(
                            sub.name().equals("log")
                                    ? log("read" + camel + name, kind)
                                    : read("read" + camel + name, kind));
                case "update" -> operations.add(write("put", "replace" + camel + name, kind));
                case "patch" -> operations.add(patch("patch" + camel + name, kind));
                case "create" -> operations.add(write("post", "create" + camel + name, kind));
                default -> {}
            }
        }
        items.add(item(path, inner, operations));
    }

    private void connect(Catalog.Subresource sub, Kind kind, String path, String name, List<Parameter> inner) {
        List<Operation> operations = new ArrayList<>();
        for (String verb : sub.verbs()) {
            String method = switch (verb) {
                case "create" -> "post";
                case "update" -> "put";
                default -> verb;
            };
            operations.add(new Operation(
                    method,
                    "connect" + camel + upper(method) + name,
                    "connect",
                    kind,
                    "connect " + method.toUpperCase(Locale.ROOT) + " requests to " + sub.name(),
                    List.of(),
                    null,
                    false,
                    ANY,
                    List.of(200),
                    null,
                    false));
        }
        List<Parameter> all = new ArrayList<>(inner);
        StructDescriptor options = Schema.builtIn().kind(kind.group(), kind.version(), kind.kind());
        if (options != null) {
            for (FieldDescriptor field : options.fields()) {
                if (!field.name().equals("apiVersion") && !field.name().equals("kind")) {
                    all.add(Parameters.query(field.name(), type(field.kind()), "see " + kind.kind()));
                }
            }
        }
        items.add(new Item(path, tag, all, operations));
    }

    private static String type(ValueKind kind) {
        return switch (kind) {
            case BOOL -> "boolean";
            case INT32, INT64 -> "integer";
            default -> "string";
        };
    }

    private Item item(String path, List<Parameter> parameters, List<Operation> operations) {
        return new Item(path, tag, Parameters.with(parameters, Parameters.PRETTY), operations);
    }

    private Operation list(String id, Kind kind) {
        Kind list = new Kind(kind.group(), kind.version(), kind.kind() + "List");
        return new Operation(
                "get",
                id,
                "list",
                kind,
                "list or watch objects of kind " + kind.kind(),
                Parameters.LIST,
                null,
                false,
                ANY,
                List.of(200),
                definitions.apply(list),
                true);
    }

    private Operation read(String id, Kind kind) {
        return new Operation(
                "get",
                id,
                "get",
                kind,
                "read the specified " + kind.kind(),
                List.of(),
                null,
                false,
                ANY,
                List.of(200),
                definitions.apply(kind),
                false);
    }

    private static Operation log(String id, Kind kind) {
        return new Operation(
                "get",
                id,
                "get",
                kind,
                "read log of the specified " + kind.kind(),
                Parameters.LOG,
                null,
                false,
                ANY,
                List.of(200),
                null,
                false);
    }

    private Operation write(String method, String id, Kind kind) {
        String definition = definitions.apply(kind);
        List<Integer> codes = method.equals("post") ? List.of(200, 201, 202) : List.of(200, 201);
        String words = method.equals("post") ? "create " : "replace the specified ";
        return new Operation(
                method,
                id,
                method,
                kind,
                words + kind.kind(),
                Parameters.WRITE,
                definition,
                true,
                ANY,
                codes,
                definition,
                false);
    }

    private Operation patch(String id, Kind kind) {
        List<String> consumes = custom.apply(kind) ? PATCHES.subList(0, 3) : PATCHES;
        return new Operation(
                "patch",
                id,
                "patch",
                kind,
                "partially update the specified " + kind.kind(),
                Parameters.PATCH,
                Definitions.PATCH,
                true,
                consumes,
                List.of(200, 201),
                definitions.apply(kind),
                false);
    }

    private Operation delete(String id, Kind kind) {
        return new Operation(
                "delete",
                id,
                "delete",
                kind,
                "delete " + kind.kind(),
                Parameters.DELETE,
                Definitions.DELETE_OPTIONS,
                false,
                ANY,
                List.of(200, 202),
                deleted(kind),
                false);
    }

    /** A few kinds answer a deletion with the object; all others with a Status. */
    private String deleted(Kind kind) {
        boolean object =
                kind.group().equals("resource.k8s.io") || DELETED_COMES_BACK.contains(kind.group() + "/" + kind.kind());
        return object ? definitions.apply(kind) : Definitions.STATUS;
    }

    private static Operation deleteCollection(String id, Kind kind) {
        return new Operation(
                "delete",
                id,
                "deletecollection",
                kind,
                "delete collection of " + kind.kind(),
                Parameters.DELETE_COLLECTION,
                Definitions.DELETE_OPTIONS,
                false,
                ANY,
                List.of(200),
                Definitions.STATUS,
                false);
    }
}
