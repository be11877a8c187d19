/**
 * Kubernetes' API as a table: {@link dev.kite.model.schema.Schema} knows every built-in type by its OpenAPI definition name
 * and every built-in resource. Loaded once, immutable.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.model.schema;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
