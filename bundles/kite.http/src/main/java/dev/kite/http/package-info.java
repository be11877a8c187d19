/** HTTP servers and clients: TLS with certificates that change while serving, HTTP/1.1 and HTTP/2, upgrades, and exchanges inside this process. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
