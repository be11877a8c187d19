package dev.kite.api.client;

/**
 * Names an object among those of its kind: what work queues carry. Immutable.
 *
 * @param namespace its namespace, empty for cluster scope
 * @param name its name
 */
public record ObjectKey(String namespace, String name) {
    /** @return {@code namespace/name}, or the name alone for cluster scope */
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
