package dev.kite.model.schema;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads structure.bin; the generator's TableWriter tells its form. */
final class TableReader {
    private static final int MAGIC = 0x4b535431;
    private final DataInputStream in;
    private String[] strings = {};
    private final List<StructDescriptor> types = new ArrayList<>();
    private final List<StructDescriptor> refs = Collections.unmodifiableList(types);

    private TableReader(DataInputStream in) {
        this.in = in;
    }

    static Map<String, StructDescriptor> read(DataInputStream in) throws IOException {
        return new TableReader(in).types();
    }

    private Map<String, StructDescriptor> types() throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("no structure table");
        }
        strings = new String[varint()];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = in.readUTF().intern();
        }
        int count = varint();
        Map<String, StructDescriptor> byName = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            StructDescriptor type = type();
            types.add(type);
            byName.put(type.name(), type);
        }
        return Collections.unmodifiableMap(byName);
    }

    private StructDescriptor type() throws IOException {
        String name = string();
        int flags = varint();
        boolean topLevel = (flags & 1) != 0;
        String group = topLevel ? string() : "";
        List<StructDescriptor.Embed> embeds = new ArrayList<>();
        for (int i = varint(); i > 0; i--) {
            embeds.add(new StructDescriptor.Embed(varint(), varint() - 1));
        }
        int count = varint();
        List<FieldDescriptor> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(field(i));
        }
        return new StructDescriptor(
                name, topLevel, (flags & 2) != 0, (flags & 4) != 0, group, List.copyOf(embeds), List.copyOf(fields));
    }

    private FieldDescriptor field(int index) throws IOException {
        String name = string();
        int number = varint();
        ValueKind kind = KINDS[varint()];
        Shape shape = SHAPES[varint()];
        Presence presence = Presence.of(varint());
        int flags = varint();
        int ref = kind == ValueKind.STRUCT ? varint() : -1;
        int embed = (flags & 2) != 0 ? varint() : -1;
        ListType listType = (flags & 4) != 0 ? ListType.of(string()) : ListType.UNSPECIFIED;
        List<String> mapKeys = (flags & 8) != 0 ? List.of(string().split(",")) : List.of();
        List<String> strategies = (flags & 16) != 0 ? List.of(string().split(",")) : List.of();
        String mergeKey = (flags & 32) != 0 ? string() : "";
        String defaultJson = (flags & 64) != 0 ? string() : "";
        return new FieldDescriptor(
                index,
                name,
                number,
                kind,
                shape,
                presence,
                (flags & 1) != 0,
                embed,
                listType,
                mapKeys,
                strategies,
                mergeKey,
                defaultJson,
                (flags & 128) != 0,
                refs,
                ref);
    }

    private static final ValueKind[] KINDS = ValueKind.values();
    private static final Shape[] SHAPES = Shape.values();

    private String string() throws IOException {
        return strings[varint()];
    }

    private int varint() throws IOException {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            int b = in.readUnsignedByte();
            value |= (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return value;
            }
        }
        throw new IOException("a number of more than 32 bits");
    }
}
