package dev.kite.model.protobuf;

import org.jspecify.annotations.Nullable;

/** Bytes that are not the message asked for, or a tree that does not have the message's types. */
public final class ProtobufException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message. */
    public ProtobufException(String message) {
        super(message);
    }

    /** With a message and, where there is one, a cause. */
    public ProtobufException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
