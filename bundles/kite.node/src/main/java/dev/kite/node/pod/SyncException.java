package dev.kite.node.pod;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A container or sandbox can't be had now. The reason is what Kubernetes shows as the container's waiting reason. */
final class SyncException extends Exception {
    private static final long serialVersionUID = 1L;

    static final String CONFIG = "CreateContainerConfigError";
    static final String CREATE = "CreateContainerError";
    static final String RUN = "RunContainerError";
    static final String PULL = "ErrImagePull";
    static final String PULL_BACK_OFF = "ImagePullBackOff";
    static final String NEVER_PULL = "ErrImageNeverPull";
    static final String INVALID_NAME = "InvalidImageName";

    private final String reason;
    private final @Nullable Instant retryAt;

    SyncException(String reason, String message) {
        this(reason, message, null, null);
    }

    SyncException(String reason, String message, Throwable cause) {
        this(reason, message, cause, null);
    }

    /** @param retryAt when to try again, null for the usual time */
    SyncException(String reason, String message, @Nullable Throwable cause, @Nullable Instant retryAt) {
        super(message, cause);
        this.reason = reason;
        this.retryAt = retryAt;
    }

    @Nullable
    Instant retryAt() {
        return retryAt;
    }

    String reason() {
        return reason;
    }
}
