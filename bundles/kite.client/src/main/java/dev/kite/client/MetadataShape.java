package dev.kite.client;

import dev.kite.model.json.JsonCodec;
import dev.kite.model.json.JsonCodecException;
import dev.kite.model.meta.v1.PartialObjectMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Metadata alone, without managed fields: what is kept for every object of a cluster must be small. */
record MetadataShape() implements Shape<PartialObjectMetadata> {
    @Override
    public PartialObjectMetadata read(byte[] json, int offset, int length) throws IOException {
        try {
            return slim(JsonCodec.decode(new ByteArrayInputStream(json, offset, length), PartialObjectMetadata.TYPE));
        } catch (JsonCodecException e) {
            throw new IOException("no metadata: " + e.getMessage(), e);
        }
    }

    /**
     * Drops managed fields.
     *
     * @param object the metadata
     * @return the metadata without them
     */
    static PartialObjectMetadata slim(PartialObjectMetadata object) {
        return object.metadata().managedFields().isEmpty()
                ? object
                : object.toBuilder().metadata(meta -> meta.managedFields(null)).build();
    }

    @Override
    public String namespace(PartialObjectMetadata object) {
        return object.metadata().namespace();
    }

    @Override
    public String name(PartialObjectMetadata object) {
        return object.metadata().name();
    }

    @Override
    public String resourceVersion(PartialObjectMetadata object) {
        return object.metadata().resourceVersion();
    }

    @Override
    public boolean initialEventsEnd(PartialObjectMetadata object) {
        return "true".equals(object.metadata().annotations().get(INITIAL_EVENTS_END));
    }
}
