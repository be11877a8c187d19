package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.defaults.Defaults;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.KindForms;
import dev.kite.apiserver.storage.Normalizer;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.io.IOException;

/** Reads bodies of kinds that are no resource's objects: Scale, Binding, Eviction, TokenRequest, reviews. Thread-safe. */
public final class Bodies {
    private final BodyReader reader;

    /**
     * Bodies.
     *
     * @param reader reads them
     */
    public Bodies(BodyReader reader) {
        this.reader = reader;
    }

    /** @return reads bodies of any kind */
    public BodyReader reader() {
        return reader;
    }

    /**
     * Reads a body.
     *
     * @param call the request
     * @param group the kind's group, empty for core
     * @param version its version
     * @param kind the kind
     * @return the object, normalized, with defaults; an empty one where there is no body
     * @throws IOException if the client went away
     */
    ObjectNode read(Call call, String group, String version, String kind) throws IOException {
        byte[] bytes = BodyReader.bytes(call.exchange());
        ObjectNode given = bytes.length == 0
                ? dev.kite.apiserver.storage.Trees.mapper().createObjectNode()
                : reader.parse(BodyReader.mediaType(call.exchange()), bytes, kind)
                        .object();
        return normal(given, group, version, kind);
    }

    static ObjectNode normal(ObjectNode given, String group, String version, String kind) {
        String apiVersion = group.isEmpty() ? version : group + "/" + version;
        String givenKind = Tree.text(given, "kind");
        String givenVersion = Tree.text(given, "apiVersion");
        if (!givenKind.isEmpty() && !givenKind.equals(kind)) {
            throw Errors.badRequest("no kind \"" + givenKind + "\" is expected here but " + kind);
        }
        if (!givenVersion.isEmpty() && !givenVersion.equals(apiVersion)) {
            throw Errors.badRequest("the API version in the data (" + givenVersion
                    + ") does not match the expected API version (" + apiVersion + ")");
        }
        given.put("apiVersion", apiVersion).put("kind", kind);
        StructDescriptor type = Schema.builtIn().kind(group, version, kind);
        if (type == null) {
            throw new IllegalStateException("no structure of " + kind);
        }
        try {
            ObjectNode normal = KindForms.normalize(type, given).object();
            Defaults.apply(group, version, kind, normal);
            return normal;
        } catch (Normalizer.MistypedException e) {
            throw Errors.badRequest(
                    kind + " in version \"" + version + "\" cannot be handled as a " + kind + ": " + e.getMessage());
        }
    }
}
