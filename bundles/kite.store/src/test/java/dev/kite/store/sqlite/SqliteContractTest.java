package dev.kite.store.sqlite;

import dev.kite.store.Store;
import dev.kite.store.ValueTransformer;
import dev.kite.store.contract.StoreContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** SQLite keeps the contract. */
final class SqliteContractTest extends StoreContract {
    @TempDir
    Path directory;

    @Override
    protected Store openEmpty() {
        return SqliteStore.open(
                SqliteOptions.of(directory).relaxedFlush(Duration.ofHours(1)), ValueTransformer.identity());
    }

    @Override
    protected void close(Store store) {
        ((SqliteStore) store).close();
    }
}
