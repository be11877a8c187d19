/** What the node offers to bundles: pods whose containers are bundles, ports, resources. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.node;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
