/** HTTP as bundles see it: routes and filters are services, an exchange is one request with its response, whatever carries it (a TLS connection or a client in this process). */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
