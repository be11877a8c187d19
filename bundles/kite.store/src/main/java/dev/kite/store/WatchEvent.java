package dev.kite.store;

import org.jspecify.annotations.Nullable;

/** One change of one key. Immutable, shared by all watches. */
public sealed interface WatchEvent {
    /** The revision of the change; no two events have the same. */
    long revision();

    /** The key that changed. */
    String key();

    /** The entry before the change; null when the key did not exist. */
    @Nullable
    Entry previous();

    /** A key was created ({@code previous} is null) or updated. */
    record Put(Entry entry, @Nullable Entry previous) implements WatchEvent {
        @Override
        public long revision() {
            return entry.modRevision();
        }

        @Override
        public String key() {
            return entry.key();
        }
    }

    /** A key was deleted; {@code previous} is its last entry. */
    record Delete(Entry previous, long revision) implements WatchEvent {
        @Override
        public String key() {
            return previous.key();
        }
    }
}
