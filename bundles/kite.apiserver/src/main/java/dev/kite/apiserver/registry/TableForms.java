package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.table.IncludeObject;
import dev.kite.apiserver.table.TablePrinter;
import dev.kite.apiserver.table.Tables;
import java.time.InstantSource;
import java.util.List;

/** Makes tables of a resource's objects. Thread-safe. */
public final class TableForms {
    private final Tables tables;

    /**
     * Tables by a clock.
     *
     * @param clock for ages
     */
    public TableForms(InstantSource clock) {
        this.tables = new Tables(clock);
    }

    /**
     * Makes a table.
     *
     * @param resource the objects' resource
     * @param metaVersion the version of meta.k8s.io
     * @param holder the list whose metadata the table has, or the one object
     * @param items the objects
     * @param include what rows carry of their objects
     * @param heads whether columns are named: not in a watch's later events
     * @return the table
     */
    public ObjectNode render(
            ApiResource resource,
            String metaVersion,
            ObjectNode holder,
            List<ObjectNode> items,
            IncludeObject include,
            boolean heads) {
        ObjectNode table = tables.render(printer(resource), items, include, metadata(holder), heads);
        table.put("apiVersion", "meta.k8s.io/" + metaVersion);
        return table;
    }

    /**
     * Makes a list's table row by row.
     *
     * @param resource the objects' resource
     * @param metaVersion the version of meta.k8s.io
     * @param list the list whose metadata the table has
     * @param include what rows carry of their objects
     * @return makes its parts
     */
    Rows rows(ApiResource resource, String metaVersion, ObjectNode list, IncludeObject include) {
        return new Rows(resource, metaVersion, list, include);
    }

    /** A table in parts. */
    final class Rows {
        private final TablePrinter printer;
        private final IncludeObject include;
        private final ObjectNode head;

        private Rows(ApiResource resource, String metaVersion, ObjectNode list, IncludeObject include) {
            this.printer = printer(resource);
            this.include = include;
            this.head = render(resource, metaVersion, list, List.of(), include, true);
        }

        /** The table with no rows. */
        ObjectNode head() {
            return head;
        }

        ObjectNode row(ObjectNode object) {
            return (ObjectNode) tables.render(printer, List.of(object), include, null, false)
                    .path("rows")
                    .get(0);
        }
    }

    private static TablePrinter printer(ApiResource resource) {
        return resource.custom() == null
                ? Tables.printer(resource.group(), resource.kind())
                : Tables.custom(resource.custom().columns());
    }

    private static ObjectNode metadata(ObjectNode holder) {
        ObjectNode metadata = holder.objectNode();
        for (String field : List.of("resourceVersion", "continue", "remainingItemCount")) {
            if (holder.path("metadata").has(field)) {
                metadata.set(field, holder.path("metadata").get(field));
            }
        }
        return metadata;
    }
}
