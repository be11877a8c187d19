package dev.kite.model.protobuf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;

/**
 * A list in its envelope, written around items that are encoded one by one, so that no more than one item need be a tree at a time: {@link #head}, then for
 * each item {@link #before} and its message, then {@link #tail}. Every list of Kubernetes has its metadata in field 1 and its items in field 2. Stateless.
 */
public final class ListEnvelope {
    private static final byte[] TAIL = tailBytes();

    private ListEnvelope() {}

    /**
     * What comes before the items.
     *
     * @param apiVersion the list's
     * @param kind the list's
     * @param metadata a meta.v1 ListMeta
     * @param items the sum of {@link #framed} of all items
     * @return magic bytes, type, and the list's start
     */
    public static byte[] head(String apiVersion, String kind, ObjectNode metadata, long items) {
        StructDescriptor type = Schema.builtIn().require("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta");
        WireWriter out = new WireWriter();
        out.bytesField(1, ProtobufCodec.message(metadata, type));
        out.varint(out.position() + items);
        out.tag(2, WireWriter.BYTES);
        Envelope.start(out, apiVersion, kind);
        return out.toByteArray();
    }

    /**
     * What comes before an item.
     *
     * @param length the item's length
     * @return tag and length
     */
    public static byte[] before(int length) {
        WireWriter out = new WireWriter(8);
        out.varint(length);
        out.tag(2, WireWriter.BYTES);
        return out.toByteArray();
    }

    /**
     * What an item takes within its list.
     *
     * @param length the item's length
     * @return that and its tag's and length's
     */
    public static long framed(int length) {
        return 1L + Math.max(1, (38 - Integer.numberOfLeadingZeros(length)) / 7) + length;
    }

    /** @return what comes after the items */
    public static byte[] tail() {
        return TAIL.clone();
    }

    private static byte[] tailBytes() {
        WireWriter out = new WireWriter(8);
        Envelope.end(out);
        return out.toByteArray();
    }
}
