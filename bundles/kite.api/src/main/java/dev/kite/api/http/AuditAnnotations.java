package dev.kite.api.http;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes what admission and authorization say about a request for its audit event: the attribute {@link HttpExchange#attribute(Class)} of this type, there
 * while the request is audited. Thread-safe: webhooks that run together say things together.
 */
@ConsumerType
@FunctionalInterface
public interface AuditAnnotations {
    /**
     * Annotates the request's audit event; of two values of a key the first is kept, as upstream keeps it.
     *
     * @param key a qualified name, for example {@code pod-security.kubernetes.io/enforce-policy}
     * @param value the value; of any length, since webhooks and policies make it: who takes it bounds it
     */
    void annotate(String key, String value);
}
