package dev.kite.generator;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes structure.bin, which dev.kite.model.schema.TableReader reads:
 *
 * <pre>
 * table   = magic:int32 strings types
 * strings = count string...                       string = bytes of UTF-8 by DataOutput.writeUTF
 * types   = count type...                         every count, index and number is a base-128 varint
 * type    = name flags [group] embeds fields      flags: 1 top level (then group follows), 2 atomic, 4 has a class
 * embeds  = count (number parent+1)...
 * fields  = count field...
 * field   = json number kind shape presence flags [type] [embed] [list type] [map keys] [strategy] [merge key] [default]
 *           flags: 1 required, 2 embed, 4 list type, 8 map keys, 16 strategy, 32 merge key, 64 default, 128 atomic;
 *           type is there where the kind is STRUCT
 * </pre>
 */
final class TableWriter {
    static final int MAGIC = 0x4b535431; // "KST1"

    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private TableWriter() {}

    static byte[] write(Api api, Resources resources, Set<String> generated) throws IOException {
        TableWriter writer = new TableWriter();
        List<Api.Type> types = new ArrayList<>(api.types().values());
        Map<String, Integer> index = new LinkedHashMap<>();
        types.forEach(type -> index.put(type.name(), index.size()));
        writer.varint(types.size());
        for (Api.Type type : types) {
            writer.type(type, resources, index, generated.contains(type.name()));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(all)) {
            out.writeInt(MAGIC);
            varint(out, writer.strings.size());
            for (String string : writer.strings.keySet()) {
                if (string.getBytes(StandardCharsets.UTF_8).length != string.length()) {
                    throw new IOException("not ASCII: " + string);
                }
                out.writeUTF(string);
            }
            writer.body.writeTo(out);
        }
        return all.toByteArray();
    }

    private void type(Api.Type type, Resources resources, Map<String, Integer> index, boolean generated) {
        string(type.name());
        varint((type.topLevel() ? 1 : 0) | (type.atomic() ? 2 : 0) | (generated ? 4 : 0));
        if (type.topLevel()) {
            string(resources.group(type));
        }
        varint(type.embeds().size());
        for (Api.Embed embed : type.embeds()) {
            varint(embed.number());
            varint(embed.parent() + 1);
        }
        varint(type.fields().size());
        for (Api.Field field : type.fields()) {
            field(field, index);
        }
    }

    @SuppressWarnings("EnumOrdinal") // kite.model's enums are the same, and its tests compare every field
    private void field(Api.Field field, Map<String, Integer> index) {
        Api.Markers markers = field.markers();
        string(field.json());
        varint(field.number());
        varint(field.kind().ordinal());
        varint(field.shape().ordinal());
        varint(field.presence());
        varint((field.required() ? 1 : 0)
                | (field.embed() >= 0 ? 2 : 0)
                | (markers.listType().isEmpty() ? 0 : 4)
                | (markers.mapKeys().isEmpty() ? 0 : 8)
                | (markers.patchStrategy().isEmpty() ? 0 : 16)
                | (markers.patchMergeKey().isEmpty() ? 0 : 32)
                | (markers.defaultJson().isEmpty() ? 0 : 64)
                | (markers.atomicStruct() ? 128 : 0));
        Integer ref = field.ref() == null ? null : index.get(field.ref());
        if (ref != null) {
            varint(ref);
        }
        if (field.embed() >= 0) {
            varint(field.embed());
        }
        optional(markers.listType());
        optional(String.join(",", markers.mapKeys()));
        optional(markers.patchStrategy());
        optional(markers.patchMergeKey());
        optional(markers.defaultJson());
    }

    private void optional(String value) {
        if (!value.isEmpty()) {
            string(value);
        }
    }

    private void string(String value) {
        varint(strings.computeIfAbsent(value, v -> strings.size()));
    }

    private void varint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            body.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        body.write(rest);
    }

    private static void varint(DataOutputStream out, int value) throws IOException {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
