package dev.kite.model;

import dev.kite.model.meta.v1.ObjectMeta;
import java.util.function.Consumer;

/** A Kubernetes object of any kind: it has metadata. */
public interface KubernetesObject extends KubernetesType {

    /** {@code metadata}; empty where it is absent. */
    ObjectMeta metadata();

    /** {@code namespace/name}, or only the name where there is no namespace: the key of informers and queues. */
    default String key() {
        String namespace = metadata().namespace();
        return namespace.isEmpty()
                ? metadata().name()
                : namespace + "/" + metadata().name();
    }

    /**
     * The same object with other metadata.
     *
     * @param object any generated object
     * @param edit changes its metadata, starting from what is there
     */
    @SuppressWarnings("unchecked")
    static <T extends KubernetesObject> T withMetadata(T object, Consumer<ObjectMeta.Builder> edit) {
        ObjectMeta.Builder metadata = object.metadata().toBuilder();
        edit.accept(metadata);
        Struct struct = (Struct) object;
        Struct.Builder<?> builder = Struct.builderOf(struct);
        builder.set(struct.structType().descriptor().require("metadata").index(), metadata.build());
        return (T) builder.build();
    }
}
