/**
 * The semantics: one writer that stages, commits and publishes; an immutable index that reads take whole; one window of recent
 * events that watches share. Knows nothing of SQL: {@link dev.kite.store.engine.Log} is what it needs from below.
 */
@NullMarked
package dev.kite.store.engine;

import org.jspecify.annotations.NullMarked;
