/** Every setting of Kite, declared once: its name, default, unit and description. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
