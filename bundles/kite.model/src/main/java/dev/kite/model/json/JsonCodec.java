package dev.kite.model.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kite.model.Struct;
import dev.kite.model.StructType;
import dev.kite.model.schema.StructDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Generated types to JSON and back, streaming. Fields are written in Kubernetes' order, absent ones not at all; null reads
 * as absent. Nesting is bounded by {@link JsonTrees#MAX_DEPTH}. Safe for all threads.
 */
public final class JsonCodec {
    private JsonCodec() {}

    /**
     * Reads one object; unknown and duplicate fields are skipped.
     *
     * @throws JsonCodecException where it is no JSON of this type
     */
    public static <T extends Struct> T decode(byte[] json, StructType<T> type) {
        return decode(json, type, DecodeProblems.IGNORE);
    }

    /**
     * Reads one object and tells {@code problems} of unknown and duplicate fields.
     *
     * @throws JsonCodecException where it is no JSON of this type
     */
    public static <T extends Struct> T decode(byte[] json, StructType<T> type, DecodeProblems problems) {
        try (JsonParser parser = Streams.FACTORY.createParser(json)) {
            return new JsonReader(parser, problems).document(type);
        } catch (JsonProcessingException e) {
            throw new JsonCodecException(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads one object from a stream, to its end; the caller bounds and closes the stream.
     *
     * @throws JsonCodecException where it is no JSON of this type
     * @throws IOException from the stream
     */
    public static <T extends Struct> T decode(InputStream json, StructType<T> type) throws IOException {
        try (JsonParser parser = Streams.FACTORY.createParser(json)) {
            parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            return new JsonReader(parser, DecodeProblems.IGNORE).document(type);
        } catch (JsonProcessingException e) {
            throw new JsonCodecException(e.getOriginalMessage(), e);
        }
    }

    /** Reads one object of a type that is known only at run time. */
    public static Struct decode(byte[] json, StructDescriptor type) {
        return decode(json, type.javaType());
    }

    /** Compact UTF-8 JSON; a top-level type says its apiVersion and kind even where they are absent. */
    public static byte[] encode(Struct value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try {
            encode(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return out.toByteArray();
    }

    /**
     * Writes compact UTF-8 JSON and leaves the stream open.
     *
     * @throws IOException from the stream
     */
    public static void encode(Struct value, OutputStream out) throws IOException {
        try (JsonGenerator generator = Streams.FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            new JsonWriter(generator).document(value);
        }
    }
}
