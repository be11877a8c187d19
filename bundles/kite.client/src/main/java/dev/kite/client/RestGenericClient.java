package dev.kite.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.Patch;
import dev.kite.api.client.Watch;
import java.util.Optional;

/**
 * Trees of one resource over REST.
 *
 * @param rest sends
 * @param group the group, empty for core
 * @param version the version
 * @param plural the resource
 */
record RestGenericClient(Rest rest, String group, String version, String plural) implements GenericResourceClient {
    private String collection(String namespace) {
        return Paths.collection(group, version, namespace, plural);
    }

    private String object(String namespace, String name, String subresource) {
        return Paths.object(collection(namespace), name, subresource);
    }

    @Override
    public Optional<ObjectNode> find(String namespace, String name) {
        return findSubresource(namespace, name, "");
    }

    @Override
    public Optional<ObjectNode> findSubresource(String namespace, String name, String subresource) {
        try {
            return Optional.of(rest.tree(rest.get(object(namespace, name, subresource), "")));
        } catch (ApiException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public ObjectNode list(String namespace, ListOptions options) {
        return rest.tree(rest.get(collection(namespace), Paths.query(options, false)));
    }

    @Override
    public ObjectNode listMetadata(String namespace, ListOptions options) {
        return rest.tree(rest.send(
                "GET",
                collection(namespace),
                Paths.query(options, false),
                MetadataSource.ACCEPT_LIST,
                Rest.JSON,
                new byte[0]));
    }

    @Override
    public Watch<ObjectNode> watch(String namespace, ListOptions options, boolean metadataOnly) {
        Transport.Answer answer = rest.open(
                collection(namespace), Paths.query(options, true), metadataOnly ? MetadataSource.ACCEPT : Rest.JSON);
        return new WatchStream<>(answer, new TreeShape(rest.mapper()), rest.mapper(), plural);
    }

    @Override
    public ObjectNode create(String namespace, ObjectNode object) {
        return rest.tree(rest.send("POST", collection(namespace), "", Rest.JSON, Rest.JSON, rest.bytes(object)));
    }

    @Override
    public ObjectNode update(String namespace, ObjectNode object) {
        String name = object.path("metadata").path("name").asText("");
        return rest.tree(rest.send("PUT", object(namespace, name, ""), "", Rest.JSON, Rest.JSON, rest.bytes(object)));
    }

    @Override
    public ObjectNode patch(String namespace, String name, Patch patch, String subresource) {
        return rest.tree(rest.patch(object(namespace, name, subresource), patch));
    }

    @Override
    public void delete(String namespace, String name, DeleteRequest options) {
        rest.delete(object(namespace, name, ""), "", options);
    }

    @Override
    public void deleteCollection(String namespace, ListOptions list, DeleteRequest options) {
        rest.delete(collection(namespace), Paths.query(list, false), options);
    }
}
