package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Between trees of built-in kinds and Kubernetes' protobuf envelope. Thread-safe. */
public interface Codec {
    /**
     * Writes an envelope.
     *
     * @param object an object, list or Status of a built-in kind, with apiVersion and kind
     * @return the envelope with its four bytes in front
     * @throws IllegalArgumentException if the kind has no protobuf form
     */
    byte[] encode(ObjectNode object);

    /**
     * Writes a message without an envelope, as lists hold their items.
     *
     * @param object an object of a built-in kind, with apiVersion and kind
     * @return the message
     * @throws IllegalArgumentException if the kind has no protobuf form
     */
    byte[] message(ObjectNode object);

    /**
     * Reads an envelope.
     *
     * @param envelope the envelope with its four bytes in front
     * @return the object with apiVersion and kind
     * @throws IllegalArgumentException if it is none, is malformed, or of an unknown kind
     */
    ObjectNode decode(byte[] envelope);
}
