/**
 * Server-side apply as pure functions on trees: which fields a tree has ({@link dev.kite.model.apply.FieldSet}), how two
 * trees differ, how one is merged into another by the schema's list types, and who owns what
 * ({@link dev.kite.model.apply.FieldManager}).
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.model.apply;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
