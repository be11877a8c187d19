package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a server behind this one says of itself in OpenAPI v2.
 *
 * @param name its APIService's name
 * @param path the path that is its: {@code /apis/GROUP/VERSION}
 * @param hash of the document
 * @param document the whole document; not to be changed
 */
public record OtherSpec(String name, String path, String hash, ObjectNode document) {
    /**
     * Makes one of what came.
     *
     * @param name its APIService's name
     * @param path the path that is its
     * @param body what came
     * @param document the same, read
     * @return the spec
     */
    public static OtherSpec of(String name, String path, byte[] body, ObjectNode document) {
        return new OtherSpec(name, path, Hashes.of(body), document);
    }
}
