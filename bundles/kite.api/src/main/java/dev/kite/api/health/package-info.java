/** Readiness and health, as services. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.health;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
