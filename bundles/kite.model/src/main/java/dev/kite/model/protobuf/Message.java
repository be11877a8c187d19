package dev.kite.model.protobuf;

import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A type as protobuf sees it: its own fields and its embedded messages, by number. Immutable. */
final class Message {
    /** Derived from the immutable schema, on first use of each type. */
    private static final Map<StructDescriptor, Message> DERIVED = new ConcurrentHashMap<>();

    /** A numbered part: a field, or an embedded message; one of the two. */
    record Part(
            int number,
            @Nullable FieldDescriptor field,
            @Nullable Message embedded) {}

    private final List<Part> parts;
    private final Map<Integer, Part> byNumber = new HashMap<>();

    private Message(StructDescriptor type, int embed) {
        Stream<Part> fields = type.fields().stream()
                .filter(field -> field.embed() == embed && field.number() > 0)
                .map(field -> new Part(field.number(), field, null));
        Stream<Part> embeds = IntStream.range(0, type.embeds().size())
                .filter(i -> type.embeds().get(i).parent() == embed)
                .mapToObj(i -> new Part(type.embeds().get(i).number(), null, new Message(type, i)));
        parts = Stream.concat(fields, embeds)
                .sorted(Comparator.comparingInt(Part::number))
                .toList();
        parts.forEach(part -> byNumber.put(part.number(), part));
    }

    static Message of(StructDescriptor type) {
        Message known = DERIVED.get(type);
        return known != null ? known : DERIVED.computeIfAbsent(type, t -> new Message(t, -1));
    }

    /** The type of the schemas within schemas. */
    static StructDescriptor schemaProps() {
        return Schema.builtIn().require("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
    }

    /** By ascending number, as they are written. */
    List<Part> parts() {
        return parts;
    }

    @Nullable
    Part part(int number) {
        return byNumber.get(number);
    }
}
