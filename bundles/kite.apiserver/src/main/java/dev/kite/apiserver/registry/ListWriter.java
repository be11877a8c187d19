package dev.kite.apiserver.registry;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.Accepted.As;
import dev.kite.apiserver.request.Accepted.Encoding;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.table.IncludeObject;
import dev.kite.model.protobuf.ListEnvelope;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Writes lists that are not stored bytes joined: item by item, so that however long a list is, one of its items is a tree at a time. Thread-safe. */
final class ListWriter {
    /** Protobuf needs its length before its bytes; items up to here are kept from the first pass to the second, the others are made twice. */
    private static final long KEPT_BYTES = 16L << 20;

    private final Responder responder;
    private final TableForms tables;

    ListWriter(Responder responder, TableForms tables) {
        this.responder = responder;
        this.tables = tables;
    }

    /** A list's objects in the version that is served. */
    interface Items {
        int size();

        /** The object, a tree that may be changed; the same content each time. */
        ObjectNode at(int index);
    }

    void write(Call call, ApiResource resource, Accepted accepted, ObjectNode head, Items items) throws IOException {
        if (accepted.as() == As.METADATA) {
            throw Errors.notAcceptable("you requested PartialObjectMetadata, but the requested object is a list");
        }
        if (accepted.as() == As.METADATA_LIST) {
            head.put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/" + accepted.metaVersion());
        }
        IncludeObject include = accepted.as() == As.TABLE ? Answers.include(call) : IncludeObject.NONE;
        if (accepted.encoding() == Encoding.PROTOBUF) {
            byte[][] kept = new byte[items.size()][];
            byte[] start = ListEnvelope.head(
                    head.path("apiVersion").asText(""),
                    head.path("kind").asText(""),
                    head.withObject("/metadata"),
                    measure(accepted, items, kept));
            try (OutputStream out = responder.body(call.exchange(), 200, accepted)) {
                out.write(start);
                for (int i = 0; i < kept.length; i++) {
                    byte[] item = kept[i] == null ? message(accepted, items.at(i)) : kept[i];
                    out.write(ListEnvelope.before(item.length));
                    out.write(item);
                }
                out.write(ListEnvelope.tail());
            }
            return;
        }
        try (OutputStream out = responder.body(call.exchange(), 200, accepted);
                JsonGenerator json = responder.generator(accepted, out)) {
            if (accepted.as() == As.TABLE) {
                table(json, resource, accepted, head, items, include);
            } else {
                list(json, resource, accepted, head, items);
            }
        }
    }

    private long measure(Accepted accepted, Items items, byte[][] kept) {
        long length = 0;
        long room = KEPT_BYTES;
        for (int i = 0; i < kept.length; i++) {
            byte[] item = message(accepted, items.at(i));
            length += ListEnvelope.framed(item.length);
            room -= item.length;
            kept[i] = room >= 0 ? item : null;
        }
        return length;
    }

    private byte[] message(Accepted accepted, ObjectNode item) {
        return accepted.as() == As.METADATA_LIST
                ? responder.codec().message(Answers.metadataOnly(item, accepted.metaVersion()))
                : responder.codec().message(item);
    }

    private static void list(JsonGenerator json, ApiResource resource, Accepted accepted, ObjectNode head, Items items)
            throws IOException {
        json.writeStartObject();
        fields(json, head);
        json.writeArrayFieldStart("items");
        for (int i = 0; i < items.size(); i++) {
            ObjectNode item = items.at(i);
            if (accepted.as() == As.METADATA_LIST) {
                item = Answers.metadataOnly(item, accepted.metaVersion());
            } else if (resource.custom() == null) {
                item.remove("apiVersion");
                item.remove("kind");
            }
            json.writeTree(item);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void table(
            JsonGenerator json,
            ApiResource resource,
            Accepted accepted,
            ObjectNode head,
            Items items,
            IncludeObject include)
            throws IOException {
        TableForms.Rows rows = tables.rows(resource, accepted.metaVersion(), head, include);
        ObjectNode start = rows.head();
        start.remove("rows");
        json.writeStartObject();
        fields(json, start);
        json.writeArrayFieldStart("rows");
        for (int i = 0; i < items.size(); i++) {
            json.writeTree(rows.row(items.at(i)));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, ObjectNode object) throws IOException {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            json.writeFieldName(field.getKey());
            json.writeTree(field.getValue());
        }
    }
}
