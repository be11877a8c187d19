package dev.kite.model.json;

import org.jspecify.annotations.Nullable;

/** JSON that cannot be read as the type asked for; the message says where, as {@code spec.containers[0].name}. */
public final class JsonCodecException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message and, where there is one, a cause. */
    public JsonCodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
