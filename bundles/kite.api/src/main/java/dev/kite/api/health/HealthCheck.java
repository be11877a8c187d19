package dev.kite.api.health;

/** A health check of a component or feature, offered as a service; thread-safe, answers within a second from what is known. */
public interface HealthCheck {
    /** @return the check's name, as shown by /readyz?verbose */
    String name();

    /** @return the feature that it belongs to, or empty for the core */
    default String feature() {
        return "";
    }

    /** @return how it is now */
    Health check();

    /** What a check finds. */
    sealed interface Health {
        /** All is well. */
        record Healthy() implements Health {}

        /**
         * It is not.
         *
         * @param reason one line, without secrets
         */
        record Unhealthy(String reason) implements Health {}
    }
}
