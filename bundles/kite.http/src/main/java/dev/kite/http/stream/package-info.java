/** Streams over upgraded connections: WebSocket (RFC 6455), SPDY/3.1, and Kubernetes' exec, attach and port-forward protocols on them. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.http.stream;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
