package dev.kite.client;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectList;
import dev.kite.api.client.Patch;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.client.Watch;
import dev.kite.model.KubernetesList;
import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.Struct;
import dev.kite.model.StructType;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.json.JsonCodecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Typed objects of one kind over REST.
 *
 * @param <T> the objects' type
 */
final class RestResourceClient<T extends KubernetesObject> implements ResourceClient<T>, Source<T> {
    private final Rest rest;
    private final ResourceType<T> type;
    private final TypedShape<T> shape;
    private final String namespace;

    /**
     * Speaks of one kind.
     *
     * @param rest sends
     * @param type the kind
     */
    RestResourceClient(Rest rest, ResourceType<T> type) {
        this(rest, new TypedShape<>(type, false), "");
    }

    /**
     * Is the source of an informer.
     *
     * @param rest sends
     * @param shape reads objects
     * @param namespace where it lists and watches, empty for all
     */
    RestResourceClient(Rest rest, TypedShape<T> shape, String namespace) {
        this.rest = rest;
        this.type = shape.type();
        this.shape = shape;
        this.namespace = namespace;
    }

    private String collection(String where) {
        return Paths.collection(type.group(), type.version(), where, type.plural());
    }

    private String object(String where, String name, String subresource) {
        return Paths.object(collection(where), name, subresource);
    }

    private T decode(byte[] json) {
        return type.cast(decode(json, type.type()));
    }

    private <A extends Struct> A decode(byte[] json, StructType<A> answer) {
        try {
            return JsonCodec.decode(json, answer);
        } catch (JsonCodecException e) {
            throw new ApiException("the server's answer is no " + answer + ": " + e.getMessage(), e);
        }
    }

    private byte[] encode(KubernetesObject object) {
        return JsonCodec.encode((Struct) object);
    }

    @Override
    public T get(String where, String name) {
        return decode(rest.get(object(where, name, ""), ""));
    }

    @Override
    public Optional<T> find(String where, String name) {
        try {
            return Optional.of(get(where, name));
        } catch (ApiException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public ObjectList<T> list(ListOptions options) {
        return list(namespace, options);
    }

    @Override
    public ObjectList<T> list(String where, ListOptions options) {
        byte[] json = rest.get(collection(where), Paths.query(options, false));
        if (!(decode(json, type.listDescriptor().javaType()) instanceof KubernetesList<?> list)) {
            throw new ApiException(0, "", type.kind() + " has no list");
        }
        List<T> items = new ArrayList<>(list.items().size());
        for (Object item : list.items()) {
            items.add(shape.slimmed(type.cast((Struct) item)));
        }
        return new ObjectList<>(
                items, list.metadata().resourceVersion(), list.metadata().continue_());
    }

    @Override
    public Watch<T> watch(ListOptions options) {
        return watch(namespace, options);
    }

    @Override
    public Watch<T> watch(String where, ListOptions options) {
        return new WatchStream<>(
                rest.open(collection(where), Paths.query(options, true), Rest.JSON),
                shape,
                rest.mapper(),
                type.plural());
    }

    @Override
    public T create(T object) {
        return decode(
                rest.send("POST", collection(object.metadata().namespace()), "", Rest.JSON, Rest.JSON, encode(object)));
    }

    @Override
    public T update(T object) {
        return put(object, "");
    }

    @Override
    public T updateStatus(T object) {
        return put(object, "status");
    }

    private T put(T object, String subresource) {
        String path = object(object.metadata().namespace(), object.metadata().name(), subresource);
        return decode(rest.send("PUT", path, "", Rest.JSON, Rest.JSON, encode(object)));
    }

    @Override
    public <B extends Struct, A extends Struct> A subresource(
            String method, String where, String name, String subresource, B body, StructType<A> answer) {
        String path = object(where, name, subresource);
        return decode(rest.send(method, path, "", Rest.JSON, Rest.JSON, JsonCodec.encode(body)), answer);
    }

    @Override
    public T patch(String where, String name, Patch patch, String subresource) {
        return decode(rest.patch(object(where, name, subresource), patch));
    }

    @Override
    public void delete(String where, String name, DeleteRequest options) {
        rest.delete(object(where, name, ""), "", options);
    }

    @Override
    public void deleteCollection(String where, ListOptions list, DeleteRequest options) {
        rest.delete(collection(where), Paths.query(list, false), options);
    }
}
