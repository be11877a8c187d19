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
        TablePrinter printer = resource.custom() == null
                ? Tables.printer(resource.group(), resource.kind())
                : Tables.custom(resource.custom().columns());
        ObjectNode metadata = holder.objectNode();
        for (String field : List.of("resourceVersion", "continue", "remainingItemCount")) {
            if (holder.path("metadata").has(field)) {
                metadata.set(field, holder.path("metadata").get(field));
            }
        }
        ObjectNode table = tables.render(printer, items, include, metadata, heads);
        table.put("apiVersion", "meta.k8s.io/" + metaVersion);
        return table;
    }
}
