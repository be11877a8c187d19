package dev.kite.store;

/**
 * The outcome of a delete.
 *
 * @param previous the entry that was deleted
 * @param revision the delete's own revision
 */
public record Deleted(Entry previous, long revision) {}
