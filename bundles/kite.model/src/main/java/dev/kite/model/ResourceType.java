package dev.kite.model;

import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.util.NoSuchElementException;

/**
 * A resource together with the class of its objects; each generated kind has one: {@code Pod.RESOURCE}.
 *
 * @param <T> the class of its objects
 * @param type the structure of its objects
 * @param group its API group, empty for core
 * @param version its version
 * @param kind its kind
 * @param plural its name in paths
 * @param namespaced whether its objects live in namespaces
 */
public record ResourceType<T extends KubernetesObject>(
        StructType<? extends Struct> type,
        String group,
        String version,
        String kind,
        String plural,
        boolean namespaced) {

    /** For generated classes. */
    public static <T extends Struct & KubernetesObject> ResourceType<T> of(
            StructType<T> type, String group, String version, String kind, String plural, boolean namespaced) {
        return new ResourceType<>(type, group, version, kind, plural, namespaced);
    }

    /** {@code v1} or {@code group/version}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The path below which it is served: {@code /api/v1} or {@code /apis/group/version}. */
    public String root() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }

    /**
     * The structure of its list kind.
     *
     * @throws NoSuchElementException for kinds that cannot be listed
     */
    public StructDescriptor listDescriptor() {
        StructDescriptor list = Schema.builtIn().kind(group, version, kind + "List");
        if (list == null) {
            throw new NoSuchElementException(kind + " has no list kind");
        }
        return list;
    }

    /** The object as this resource's class. */
    @SuppressWarnings("unchecked")
    public T cast(Struct object) {
        if (object.structType() != type) {
            throw new ClassCastException(object.structType() + " is no " + kind);
        }
        return (T) object;
    }

    @Override
    public String toString() {
        return group.isEmpty() ? plural + "." + version : plural + "." + version + "." + group;
    }
}
