/** Label and field selectors: reading, writing, matching. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.model.selector;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
