package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.Accepted.As;
import dev.kite.apiserver.table.IncludeObject;
import java.util.List;

/** Shapes a watch's objects as its client wants them. Belongs to one watch: a table names its columns in the first event only. */
public final class ObjectShape {
    private final ApiResource resource;
    private final Accepted accepted;
    private final TableForms tables;
    private final IncludeObject include;
    private boolean first = true;

    ObjectShape(ApiResource resource, Accepted accepted, TableForms tables, IncludeObject include) {
        this.resource = resource;
        this.accepted = accepted;
        this.tables = tables;
        this.include = include;
    }

    /**
     * Shapes an object.
     *
     * @param stored the object as stored; it may be changed
     * @return what is sent
     */
    public ObjectNode of(ObjectNode stored) {
        ObjectNode served = Conversion.serve(resource, stored);
        return switch (accepted.as()) {
            case OBJECT -> served;
            case METADATA -> Answers.metadataOnly(served, accepted.metaVersion());
            case TABLE -> {
                ObjectNode table =
                        tables.render(resource, accepted.metaVersion(), served, List.of(served), include, first);
                first = false;
                yield table;
            }
        };
    }

    /**
     * Shapes a bookmark.
     *
     * @param object an object that has nothing but its kind and resourceVersion
     * @return what is sent
     */
    public ObjectNode bookmark(ObjectNode object) {
        if (accepted.as() != As.TABLE) {
            return accepted.as() == As.METADATA ? Answers.metadataOnly(object, accepted.metaVersion()) : object;
        }
        ObjectNode table = tables.render(resource, accepted.metaVersion(), object, List.of(object), include, first);
        first = false;
        return table;
    }
}
