/** The Kubernetes client: typed and generic resources, watches, informers. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
