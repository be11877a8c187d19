package dev.kite.client;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectList;
import dev.kite.api.client.Watch;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.json.JsonCodecException;
import dev.kite.model.meta.v1.PartialObjectMetadata;
import dev.kite.model.meta.v1.PartialObjectMetadataList;

/**
 * Metadata of all of a resource's objects.
 *
 * @param rest sends
 * @param path the resource's path
 * @param name names the watch's thread
 */
record MetadataSource(Rest rest, String path, String name) implements Source<PartialObjectMetadata> {
    /** Lists of metadata; whole objects are understood too, since their metadata is in the same place. */
    static final String ACCEPT_LIST =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    /** Metadata in watches. */
    static final String ACCEPT = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    @Override
    public ObjectList<PartialObjectMetadata> list(ListOptions options) {
        byte[] json = rest.send("GET", path, Paths.query(options, false), ACCEPT_LIST, Rest.JSON, new byte[0]);
        try {
            PartialObjectMetadataList list = JsonCodec.decode(json, PartialObjectMetadataList.TYPE);
            return new ObjectList<>(
                    list.items().stream().map(MetadataShape::slim).toList(),
                    list.metadata().resourceVersion(),
                    list.metadata().continue_());
        } catch (JsonCodecException e) {
            throw new ApiException("the server's answer is no list of metadata: " + e.getMessage(), e);
        }
    }

    @Override
    public Watch<PartialObjectMetadata> watch(ListOptions options) {
        return new WatchStream<>(
                rest.open(path, Paths.query(options, true), ACCEPT), new MetadataShape(), rest.mapper(), name);
    }
}
