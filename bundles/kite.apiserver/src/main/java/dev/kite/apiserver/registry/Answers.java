package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.Accepted.As;
import dev.kite.apiserver.request.Accepted.Encoding;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.storage.View;
import dev.kite.apiserver.table.IncludeObject;
import dev.kite.store.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers with objects and lists of them in the form that the client accepts: stored bytes where they will do, else transcoded. Thread-safe. */
public final class Answers {
    private static final byte[] NO_HEAD = new byte[0];

    private final Responder responder;
    private final TableForms tables;
    private final ListWriter lists;

    /**
     * Answers.
     *
     * @param responder writes trees
     * @param tables makes tables
     */
    public Answers(Responder responder, TableForms tables) {
        this.responder = responder;
        this.tables = tables;
        this.lists = new ListWriter(responder, tables);
    }

    /** @return writes trees */
    public Responder responder() {
        return responder;
    }

    /**
     * Answers with a stored object.
     *
     * @param call the request
     * @param resource the resource
     * @param code the status code
     * @param entry the object
     * @throws IOException if the client went away
     */
    public void entry(Call call, ApiResource resource, int code, Entry entry) throws IOException {
        Accepted accepted = resource.accepted(call);
        if (copies(accepted, resource)) {
            responder.whole(call.exchange(), code, accepted, View.of(entry).whole(entry.modRevision()));
            return;
        }
        object(call, resource, code, Conversion.serve(resource, Trees.of(entry)));
    }

    /**
     * Answers with an object of the resource's version.
     *
     * @param call the request
     * @param resource the resource
     * @param code the status code
     * @param object the object
     * @throws IOException if the client went away
     */
    public void object(Call call, ApiResource resource, int code, ObjectNode object) throws IOException {
        Accepted accepted = resource.accepted(call);
        ObjectNode answer = switch (accepted.as()) {
            case OBJECT -> object;
            case METADATA -> metadataOnly(object, accepted.metaVersion());
            case METADATA_LIST ->
                throw Errors.notAcceptable(
                        "you requested PartialObjectMetadataList, but the requested object is not a list");
            case TABLE -> tables.render(resource, accepted.metaVersion(), object, List.of(object), include(call), true);
        };
        responder.tree(call.exchange(), code, accepted, answer);
    }

    /**
     * Makes a stored object one of the resource's version.
     *
     * @param resource the resource
     * @param stored the object as stored; it may be changed
     * @return the object as served
     */
    public ObjectNode served(ApiResource resource, ObjectNode stored) {
        return Conversion.serve(resource, stored);
    }

    /**
     * Answers with a tree that is no object of a resource: a Status, a Scale, a review.
     *
     * @param call the request
     * @param code the status code
     * @param tree the answer
     * @throws IOException if the client went away
     */
    public void tree(Call call, int code, ObjectNode tree) throws IOException {
        responder.tree(call.exchange(), code, call.accepted(Accepted.Offer.DOCUMENT), tree);
    }

    /**
     * Shapes a watch's objects.
     *
     * @param call the request
     * @param resource its resource
     * @param accepted the form
     * @return the shape, for this watch only
     */
    public ObjectShape shape(Call call, ApiResource resource, Accepted accepted) {
        IncludeObject include = accepted.as() == As.TABLE ? include(call) : IncludeObject.NONE;
        return new ObjectShape(resource, accepted, tables, include);
    }

    /**
     * Tells whether a form is what stored bytes already are.
     *
     * @param accepted the form
     * @param resource the resource
     * @return whether it is
     */
    public boolean copies(Accepted accepted, ApiResource resource) {
        return accepted.encoding() == Encoding.JSON
                && accepted.as() == As.OBJECT
                && !accepted.pretty()
                && resource.servesStoredForm();
    }

    /** A page of a list. */
    record Page(
            List<Entry> entries, long revision, @Nullable String next, long remaining) {}

    void page(Call call, ApiResource resource, Page page) throws IOException {
        Accepted accepted = resource.accepted(call);
        if (copies(accepted, resource)) {
            try (OutputStream out = responder.body(call.exchange(), 200, accepted)) {
                copy(out, resource, page);
            }
            return;
        }
        lists.write(call, resource, accepted, list(resource, page), new ListWriter.Items() {
            @Override
            public int size() {
                return page.entries().size();
            }

            @Override
            public ObjectNode at(int index) {
                return Conversion.serve(resource, Trees.of(page.entries().get(index)));
            }
        });
    }

    /**
     * Answers with a list of objects that aren't stored.
     *
     * @param call the request
     * @param resource the resource
     * @param items the objects in the resource's version
     * @throws IOException if the client went away
     */
    public void list(Call call, ApiResource resource, List<ObjectNode> items) throws IOException {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", resource.listKind()).put("apiVersion", resource.apiVersion());
        list.putObject("metadata");
        lists.write(call, resource, resource.accepted(call), list, new ListWriter.Items() {
            @Override
            public int size() {
                return items.size();
            }

            @Override
            public ObjectNode at(int index) {
                return items.get(index);
            }
        });
    }

    private static ObjectNode list(ApiResource resource, Page page) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", resource.listKind()).put("apiVersion", resource.apiVersion());
        ObjectNode metadata = list.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(page.revision()));
        if (page.next() != null) {
            metadata.put("continue", page.next());
            if (page.remaining() > 0) {
                metadata.put("remainingItemCount", page.remaining());
            }
        }
        return list;
    }

    private static void copy(OutputStream out, ApiResource resource, Page page) throws IOException {
        byte[] start = Trees.write(list(resource, page));
        out.write(start, 0, start.length - 1);
        out.write(",\"items\":[".getBytes(StandardCharsets.US_ASCII));
        byte[] head = resource.custom() == null ? head(resource) : NO_HEAD;
        boolean first = true;
        for (Entry entry : page.entries()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            View.of(entry).write(entry.modRevision(), head, out);
        }
        out.write("]}\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** What a stored object of the resource starts with; items of built-in lists go without it. */
    private static byte[] head(ApiResource resource) {
        return ("{\"apiVersion\":\"" + resource.apiVersion() + "\",\"kind\":\"" + resource.kind() + "\",")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * An object's metadata alone.
     *
     * @param object the object
     * @param metaVersion the version of meta.k8s.io
     * @return a PartialObjectMetadata
     */
    public static ObjectNode metadataOnly(ObjectNode object, String metaVersion) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + metaVersion);
        JsonNode metadata = object.get("metadata");
        out.set("metadata", metadata == null ? JsonNodeFactory.instance.objectNode() : metadata);
        return out;
    }

    /** @return what a table's rows are to carry */
    static IncludeObject include(Call call) {
        String asked = call.query().first("includeObject", "");
        return IncludeObject.parse(asked)
                .orElseThrow(() -> Errors.badRequest("unrecognized includeObject value: \"" + asked + "\""));
    }
}
