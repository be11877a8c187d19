package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.openapi.Operation.Item;
import dev.kite.apiserver.openapi.Operation.Kind;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts OpenAPI documents together. Stateless beyond what it is given. */
final class Documents {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    /** Says nothing of the server: clients cache documents by their hash. */
    private static final String UNVERSIONED = "unversioned";

    private final CustomSchemas custom;

    Documents(CustomSchemas custom) {
        this.custom = custom;
    }

    /** The v3 document of one group version. */
    ObjectNode v3(String group, Catalog.Version version) {
        Definitions definitions = new Definitions(Descriptions.read());
        List<Item> items = items(group, version, definitions, false);
        ObjectNode document = head();
        ObjectNode paths = document.putObject("paths");
        for (Item item : items) {
            paths.set(item.path(), PathsV3.item(item, definitions::reference));
        }
        schemas(definitions, document);
        return document;
    }

    /** The v3 document of something small: one path that answers with one kind of meta/v1. */
    static ObjectNode v3(String path, String id, String tag, String kind) {
        Definitions definitions = new Definitions(Descriptions.read());
        Operation get = new Operation(
                "get",
                id,
                "",
                null,
                "get available API versions",
                List.of(),
                null,
                false,
                List.of(),
                List.of(200),
                META + kind,
                false);
        ObjectNode document = head();
        document.putObject("paths")
                .set(path, PathsV3.item(new Item(path, tag, List.of(), List.of(get)), definitions::reference));
        schemas(definitions, document);
        return document;
    }

    private static ObjectNode head() {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", UNVERSIONED);
        return document;
    }

    private static void schemas(Definitions definitions, ObjectNode document) {
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        definitions.all().forEach(schemas::set);
    }

    /** The v2 document of all groups. */
    ObjectNode v2(List<Catalog.Group> groups) {
        Definitions definitions = new Definitions(Descriptions.read());
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", UNVERSIONED);
        ObjectNode paths = document.putObject("paths");
        for (Catalog.Group group : groups) {
            for (Catalog.Version version : group.versions()) {
                for (Item item : items(group.name(), version, definitions, true)) {
                    paths.set(item.path(), PathsV2.item(item, definitions::reference));
                }
            }
        }
        ObjectNode into = document.putObject("definitions");
        definitions.all().forEach((name, schema) -> into.set(name, SchemaV2.of(name, schema)));
        return document;
    }

    private List<Item> items(String group, Catalog.Version version, Definitions definitions, boolean v2) {
        for (Catalog.Resource resource : version.resources()) {
            Kind kind = new Kind(group, version.name(), resource.kind());
            ObjectNode schema = custom.schema(group, version.name(), resource.kind());
            if (schema != null) {
                List<String> selectable = custom.selectable(group, version.name(), resource.kind());
                CustomDefinitions.put(definitions, kind, schema, selectable, v2);
            }
        }
        return Items.of(group, version, Documents::definition, kind -> builtIn(kind) == null);
    }

    private static @Nullable StructDescriptor builtIn(Kind kind) {
        return Schema.builtIn().kind(kind.group(), kind.version(), kind.kind());
    }

    private static String definition(Kind kind) {
        StructDescriptor type = builtIn(kind);
        return type != null ? type.name() : CustomDefinitions.name(kind);
    }
}
