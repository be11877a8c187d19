package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.custom.CustomForm;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;

/** The forms of all kinds: built-in ones by Kubernetes' structure, others by their schemas. Thread-safe. */
public final class KindForms implements ObjectForm {
    private final CustomForm custom = new CustomForm();

    @Override
    public Normal normalize(ApiResource resource, ObjectNode object) {
        if (resource.custom() != null) {
            return custom.normalize(resource, resource.custom(), object);
        }
        StructDescriptor type = Schema.builtIn().kind(resource.group(), resource.version(), resource.kind());
        if (type == null) {
            throw new IllegalStateException("no structure of " + resource.kind());
        }
        return normalize(type, object);
    }

    /**
     * Brings an object in stored form into the one order and spelling in which it is stored, so that equal objects are equal bytes.
     *
     * @param resource its resource
     * @param object the object in stored form, not changed
     * @return the new tree; the object itself for kinds that aren't built in
     */
    public static ObjectNode canonical(ApiResource resource, ObjectNode object) {
        if (resource.custom() != null) {
            return object;
        }
        ApiResource.Stored stored = resource.stored();
        StructDescriptor type = Schema.builtIn().kind(stored.group(), stored.version(), stored.kind());
        if (type == null) {
            throw new IllegalStateException("no structure of " + stored.kind());
        }
        return normalize(type, object).object();
    }

    /**
     * Brings an object of a built-in kind that is no resource's (a Scale, a Binding, a review) into its form.
     *
     * @param type its structure
     * @param object the tree, not changed
     * @return the new tree
     */
    public static Normal normalize(StructDescriptor type, ObjectNode object) {
        Normalizer normalizer = new Normalizer();
        ObjectNode normal = normalizer.normalize(type, object);
        return new Normal(normal, normalizer.unknown());
    }
}
