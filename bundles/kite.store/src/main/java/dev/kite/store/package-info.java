/**
 * The revisioned log: put, delete, range, watch and compact with etcd's semantics.
 *
 * <p>The closed set of operations is {@link dev.kite.store.Store}. The data model:
 *
 * <pre>
 * Entry      = key, StoredValue, createRevision, modRevision
 * WatchEvent = Put(entry, previous?) | Delete(previous, revision)
 * outcome    = Entry | Deleted | ConflictException | NotFoundException | StoreException(Fault)
 * </pre>
 *
 * Keys are ordered by their UTF-16 code units; revisions are positive, global and strictly increasing.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
