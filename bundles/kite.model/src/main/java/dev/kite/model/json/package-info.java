/** JSON: a streaming codec for generated types and bounded reading and writing of Jackson trees. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.model.json;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
