package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.store.ValueTransformer;

/**
 * The form of objects at rest, as a datastore of k3s has it: Kubernetes' protobuf envelope for built-in kinds, JSON for others. What is no Kubernetes
 * object passes unchanged. Thread-safe.
 */
public final class AtRest implements ValueTransformer {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private final Codec codec = new ModelCodec();

    /** The one form. */
    public AtRest() {}

    @Override
    public byte[] toRest(String key, byte[] value) {
        if (!isObject(key, value)) {
            return value;
        }
        ObjectNode tree = Trees.parse(value);
        try {
            return codec.encode(tree);
        } catch (IllegalArgumentException e) {
            if (dev.kite.model.schema.Schema.builtIn()
                            .kindOf(
                                    tree.path("apiVersion").asText(""),
                                    tree.path("kind").asText(""))
                    == null) {
                return value; // a custom object
            }
            throw e;
        }
    }

    @Override
    public byte[] fromRest(String key, byte[] rest) {
        if (!key.startsWith(Keys.ROOT) || !startsWithMagic(rest)) {
            return rest;
        }
        return Trees.stored(codec.decode(rest));
    }

    @Override
    public @org.jspecify.annotations.Nullable Object view(String key, byte[] value) {
        return isObject(key, value) ? new View(value) : null;
    }

    private static boolean isObject(String key, byte[] value) {
        return key.startsWith(Keys.ROOT) && value.length > 1 && value[0] == '{';
    }

    private static boolean startsWithMagic(byte[] rest) {
        return rest.length > MAGIC.length && java.util.Arrays.equals(rest, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }
}
