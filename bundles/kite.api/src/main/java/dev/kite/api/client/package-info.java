/** The Kubernetes client: typed and generic resources, watches, informers, discovery, events. Implemented by kite.client, in this process or over HTTPS. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
