package dev.kite.node.pod;

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

    SyncException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    SyncException(String reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
