package dev.kite.store.sqlite;

import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.Fault;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.StoreException;
import dev.kite.store.StoreStats;
import dev.kite.store.ValueTransformer;
import dev.kite.store.Watch;
import dev.kite.store.WatchOptions;
import dev.kite.store.WriteOptions;
import dev.kite.store.engine.Engine;
import dev.kite.store.engine.EngineOptions;
import dev.kite.store.sql.SqlLog;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The store in a SQLite file. As a component it starts when it is configured (PID {@code kite}) and someone
 * offers a {@link ValueTransformer}; {@link #open} is for tests and tools.
 *
 * <p>Threads: {@code kite-store-writer} always; {@code kite-store-reader} while history is read; {@code kite-store-backup}
 * during a backup. All end with {@link #close}, which also makes relaxed writes durable.
 */
@Component(
        service = Store.class,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "backend=sqlite")
public final class SqliteStore implements Store, AutoCloseable {
    /** The settings. */
    @interface Config {
        /** Kite's data directory; the datastore is {@code server/db/state.db} below it. */
        String data_dir() default "/var/lib/rancher/k3s";

        /** Milliseconds that Leases and Events may wait for the disk; 0 makes each durable by the next commit. */
        long relaxed_flush_millis() default 10_000;

        /** Seconds for which history is kept. */
        long retain_seconds() default 300;

        /** Newest revisions that are kept however old they are. */
        long retain_min_revisions() default 1000;

        /** Revisions that are kept at most, however new they are. */
        long retain_max_revisions() default 100_000;
    }

    private final Engine engine;

    /** For Declarative Services. */
    @Activate
    public SqliteStore(Config config, @Reference ValueTransformer transformer) {
        this(options(config), transformer);
    }

    private SqliteStore(SqliteOptions options, ValueTransformer transformer) {
        engine = start(options, transformer);
    }

    /**
     * Opens the datastore, making it if it is missing, and loads its index.
     *
     * @throws StoreException when it cannot be used; the fault says why and the message what to do
     */
    public static SqliteStore open(SqliteOptions options, ValueTransformer transformer) {
        return new SqliteStore(options, transformer);
    }

    private static SqliteOptions options(Config config) {
        return new SqliteOptions(
                Path.of(config.data_dir()).resolve("server").resolve("db"),
                Duration.ofMillis(config.relaxed_flush_millis()),
                Duration.ofSeconds(config.retain_seconds()),
                config.retain_min_revisions(),
                config.retain_max_revisions());
    }

    private static Engine start(SqliteOptions options, ValueTransformer transformer) {
        try {
            return load(options, transformer);
        } catch (StoreException e) {
            if (e.fault() != Fault.CORRUPT) {
                throw e;
            }
            repair(options, e);
            return load(options, transformer);
        }
    }

    private static Engine load(SqliteOptions options, ValueTransformer transformer) {
        EngineOptions defaults = EngineOptions.DEFAULT;
        EngineOptions engine = new EngineOptions(
                options.relaxedFlush(),
                options.retain(),
                options.minRevisions(),
                options.maxRevisions(),
                defaults.windowEvents(),
                defaults.windowBytes());
        return new Engine(new SqlLog(new SqliteDialect(SqliteFiles.open(options.directory()))), transformer, engine);
    }

    /** A file that is no database, or is cut short, fails to open here too, and stays as it is. */
    private static void repair(SqliteOptions options, StoreException damage) {
        try (SqliteFiles files = SqliteFiles.open(options.directory())) {
            SqliteRepair.run(files, damage);
        }
    }

    /** Makes relaxed writes durable and ends everything. Idempotent. */
    @Deactivate
    @Override
    public void close() {
        engine.close();
    }

    @Override
    public long revision() {
        return engine.revision();
    }

    @Override
    public long compactRevision() {
        return engine.compactRevision();
    }

    @Override
    public long sync() {
        return engine.sync();
    }

    @Override
    public boolean mayBeStale(String key) {
        return engine.mayBeStale(key);
    }

    @Override
    public @Nullable Entry get(String key) {
        return engine.get(key);
    }

    @Override
    public Range range(String prefix, RangeOptions options) {
        return engine.range(prefix, options);
    }

    @Override
    public Entry put(String key, byte[] value, long expectedModRevision, WriteOptions options) {
        return engine.put(key, value, expectedModRevision, options);
    }

    @Override
    public Deleted delete(String key, long expectedModRevision, WriteOptions options) {
        return engine.delete(key, expectedModRevision, options);
    }

    @Override
    public Watch watch(String prefix, long fromRevision, WatchOptions options) {
        return engine.watch(prefix, fromRevision, options);
    }

    @Override
    public void compact(long revision) {
        engine.compact(revision);
    }

    @Override
    public void flush() {
        engine.flush();
    }

    @Override
    public void backup(Path target) {
        engine.backup(target);
    }

    @Override
    public StoreStats stats() {
        return engine.stats();
    }
}
