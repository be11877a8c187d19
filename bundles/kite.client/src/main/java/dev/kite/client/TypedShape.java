package dev.kite.client;

import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.json.JsonCodecException;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Objects as generated types.
 *
 * @param <T> the objects' type
 * @param type the kind
 * @param slim whether managed fields are dropped: informers keep every object, nobody reads these there, and an update without them keeps the stored ones
 */
record TypedShape<T extends KubernetesObject>(ResourceType<T> type, boolean slim) implements Shape<T> {
    @Override
    public T read(byte[] json, int offset, int length) throws IOException {
        try {
            return slimmed(type.cast(JsonCodec.decode(new ByteArrayInputStream(json, offset, length), type.type())));
        } catch (JsonCodecException e) {
            throw new IOException("no " + type.kind() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Drops managed fields where this shape does.
     *
     * @param object the object
     * @return the object
     */
    T slimmed(T object) {
        return slim && !object.metadata().managedFields().isEmpty()
                ? KubernetesObject.withMetadata(object, meta -> meta.managedFields(null))
                : object;
    }

    @Override
    public String namespace(T object) {
        return object.metadata().namespace();
    }

    @Override
    public String name(T object) {
        return object.metadata().name();
    }

    @Override
    public String resourceVersion(T object) {
        return object.metadata().resourceVersion();
    }

    @Override
    public boolean initialEventsEnd(T object) {
        return "true".equals(object.metadata().annotations().get(INITIAL_EVENTS_END));
    }
}
