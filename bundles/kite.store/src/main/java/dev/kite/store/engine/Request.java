package dev.kite.store.engine;

import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.StoredValue;
import dev.kite.store.WriteOptions;
import java.util.concurrent.CompletableFuture;

/**
 * What callers ask of the writer.
 *
 * <pre>
 * Request = Write | Flush | Compact | Close
 * Write   = Put | Delete
 * </pre>
 */
sealed interface Request {
    /** Completed by the writer, exactly once. */
    CompletableFuture<?> done();

    /** A request that changes one key. */
    sealed interface Write extends Request {
        String key();

        long expected();

        WriteOptions options();
    }

    /** Writes a value, given in both forms. */
    final class Put implements Write {
        private final String key;
        private final StoredValue value;
        private final byte[] rest;
        private final long expected;
        private final WriteOptions options;
        private final CompletableFuture<Entry> done = new CompletableFuture<>();

        Put(String key, StoredValue value, byte[] rest, long expected, WriteOptions options) {
            this.key = key;
            this.value = value;
            this.rest = rest;
            this.expected = expected;
            this.options = options;
        }

        @Override
        public String key() {
            return key;
        }

        StoredValue value() {
            return value;
        }

        byte[] rest() {
            return rest;
        }

        @Override
        public long expected() {
            return expected;
        }

        @Override
        public WriteOptions options() {
            return options;
        }

        @Override
        public CompletableFuture<Entry> done() {
            return done;
        }
    }

    /** Deletes a key. */
    record Delete(String key, long expected, WriteOptions options, CompletableFuture<Deleted> done) implements Write {}

    /** Makes relaxed writes durable; answers with the revision up to which all is on disk. */
    record Flush(CompletableFuture<Long> done) implements Request {}

    /** Forgets history up to a revision; answers when that is done. */
    record Compact(long revision, CompletableFuture<Long> done) implements Request {}

    /** Ends the writer, behind all requests before it. */
    record Close(CompletableFuture<Long> done) implements Request {}
}
