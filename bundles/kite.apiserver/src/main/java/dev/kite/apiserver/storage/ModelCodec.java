package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.protobuf.ProtobufCodec;
import dev.kite.model.protobuf.ProtobufException;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;

/** The codec of kite.model, by the kind that each object names. */
public final class ModelCodec implements Codec {
    @Override
    public byte[] encode(ObjectNode object) {
        StructDescriptor type = type(object);
        try {
            return ProtobufCodec.encodeTree(object, type);
        } catch (ProtobufException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public byte[] message(ObjectNode object) {
        StructDescriptor type = type(object);
        try {
            return ProtobufCodec.message(object, type);
        } catch (ProtobufException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static StructDescriptor type(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText("");
        String kind = object.path("kind").asText("");
        StructDescriptor type = Schema.builtIn().kindOf(apiVersion, kind);
        if (type == null) {
            throw new IllegalArgumentException("no protobuf form of " + kind + " in " + apiVersion);
        }
        return type;
    }

    @Override
    public ObjectNode decode(byte[] envelope) {
        try {
            return ProtobufCodec.decodeTree(envelope);
        } catch (ProtobufException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
