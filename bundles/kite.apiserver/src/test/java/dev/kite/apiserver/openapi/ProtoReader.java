package dev.kite.apiserver.openapi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads protobuf without a schema: length-delimited fields by number. */
final class ProtoReader {
    private final Map<Integer, List<byte[]>> fields = new LinkedHashMap<>();

    ProtoReader(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long key = varint(in);
            switch ((int) (key & 7)) {
                case 0 -> varint(in);
                case 1 -> in.getLong();
                case 2 -> {
                    byte[] value = new byte[(int) varint(in)];
                    in.get(value);
                    fields.computeIfAbsent((int) (key >>> 3), _ -> new ArrayList<>())
                            .add(value);
                }
                default -> throw new IllegalStateException("wire type of " + key);
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    boolean has(int field) {
        return fields.containsKey(field);
    }

    String text(int field) {
        return texts(field).getFirst();
    }

    List<String> texts(int field) {
        return fields.getOrDefault(field, List.of()).stream()
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .toList();
    }

    ProtoReader message(int field) {
        return messages(field).getFirst();
    }

    List<ProtoReader> messages(int field) {
        return fields.getOrDefault(field, List.of()).stream()
                .map(ProtoReader::new)
                .toList();
    }

    Map<String, ProtoReader> named(int field) {
        Map<String, ProtoReader> found = new LinkedHashMap<>();
        messages(field).forEach(pair -> found.put(pair.text(1), pair.message(2)));
        return found;
    }
}
