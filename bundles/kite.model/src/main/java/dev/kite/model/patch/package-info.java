/** The three patches over Jackson trees: JSON patch, merge patch and strategic merge patch. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.model.patch;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
