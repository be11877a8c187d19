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
    private final Form first;
    private final Form later;
    private Form now;

    /**
     * A form, by all that it depends on beside the object. Two are equal where they make the same of the same object.
     *
     * @param resource whose objects they are, compared by identity: another definition is another resource
     * @param accepted how they are written
     * @param include what a table's rows carry
     * @param heads whether a table names its columns
     */
    public record Form(ApiResource resource, Accepted accepted, IncludeObject include, boolean heads) {
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(Object other) {
            return other instanceof Form form
                    && form.resource == resource
                    && form.heads == heads
                    && form.include == include
                    && form.accepted.equals(accepted);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(resource) + accepted.hashCode() + (heads ? 1 : 0);
        }
    }

    ObjectShape(ApiResource resource, Accepted accepted, TableForms tables, IncludeObject include) {
        this.resource = resource;
        this.accepted = accepted;
        this.tables = tables;
        boolean table = accepted.as() == As.TABLE;
        first = new Form(resource, accepted, include, table);
        later = table ? new Form(resource, accepted, include, false) : first;
        now = first;
    }

    /** @return the form of the next event */
    public Form form() {
        return now;
    }

    /** An event was sent: later tables name their columns no more. */
    public void sent() {
        now = later;
    }

    /**
     * Shapes an object.
     *
     * @param form the form
     * @param stored the object as stored; it may be changed
     * @return what is sent
     */
    public ObjectNode of(Form form, ObjectNode stored) {
        ObjectNode served = Conversion.serve(resource, stored);
        return switch (accepted.as()) {
            case OBJECT, METADATA_LIST -> served; // an object is no list, and a watch has no way to say so
            case METADATA -> Answers.metadataOnly(served, accepted.metaVersion());
            case TABLE -> table(form, served);
        };
    }

    /**
     * Shapes a bookmark.
     *
     * @param object an object that has nothing but its kind and resourceVersion
     * @return what is sent
     */
    public ObjectNode bookmark(ObjectNode object) {
        return switch (accepted.as()) {
            case OBJECT, METADATA_LIST -> object;
            case METADATA -> Answers.metadataOnly(object, accepted.metaVersion());
            case TABLE -> table(now, object);
        };
    }

    private ObjectNode table(Form form, ObjectNode object) {
        return tables.render(resource, accepted.metaVersion(), object, List.of(object), form.include(), form.heads());
    }
}
