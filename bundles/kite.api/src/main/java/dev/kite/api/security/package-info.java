/** Who asks, and whether they may. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.security;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
