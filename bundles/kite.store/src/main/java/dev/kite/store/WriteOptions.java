package dev.kite.store;

/**
 * How to write.
 *
 * @param relaxed the class of node heartbeat Leases and Events: acknowledged when reads and watches see it, durable within
 *     ten seconds, together with others of its class. A crash may lose it; its revision is never given out again. Of
 *     several relaxed updates of a key within that time the datastore keeps the last.
 * @param ttlSeconds how long the key lives unless it is written again; 0 for ever. After a restart the time starts anew.
 *     An expired key is deleted as if by a relaxed delete, late by up to ten seconds.
 */
public record WriteOptions(boolean relaxed, long ttlSeconds) {
    /** Survives power loss once acknowledged, never expires. */
    public static final WriteOptions DURABLE = new WriteOptions(false, 0);

    /** May lose its last ten seconds, never expires. */
    public static final WriteOptions RELAXED = new WriteOptions(true, 0);

    public WriteOptions {
        if (ttlSeconds < 0) {
            throw new IllegalArgumentException("ttlSeconds must not be negative: " + ttlSeconds);
        }
    }

    /** These options with an expiry. */
    public WriteOptions ttl(long seconds) {
        return new WriteOptions(relaxed, seconds);
    }
}
