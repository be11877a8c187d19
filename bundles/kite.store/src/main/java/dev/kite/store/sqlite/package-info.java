/**
 * The SQLite backend: the component that offers {@link dev.kite.store.Store}, and its plain factory for tests and tools. The
 * file is {@code state.db} with kine's table, in WAL mode; each commit syncs the disk.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.store.sqlite;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
