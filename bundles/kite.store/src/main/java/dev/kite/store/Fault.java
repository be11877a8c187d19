package dev.kite.store;

/** What is wrong with a datastore. */
public enum Fault {
    /** The file is damaged and could not be repaired without loss. */
    CORRUPT,
    /** The file, its folder or its file system cannot be written. */
    READ_ONLY,
    /** No space is left. Reads go on; writes work again once there is space. */
    DISK_FULL,
    /** A newer version wrote the datastore. */
    NEWER_SCHEMA,
    /** The file is a database, but not one of ours. */
    FOREIGN_SCHEMA,
    /** Another process uses the datastore. */
    IN_USE,
    /** A stored value cannot be decoded: most often its encryption key is missing. */
    UNREADABLE_VALUE,
    /** A backup's target exists. */
    TARGET_EXISTS,
    /** The disk failed, or anything else from below. */
    IO,
    /** The store has ended. */
    CLOSED
}
