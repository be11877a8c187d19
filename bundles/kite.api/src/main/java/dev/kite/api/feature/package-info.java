/** The feature contract: what a battery offers to the feature platform. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.feature;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
