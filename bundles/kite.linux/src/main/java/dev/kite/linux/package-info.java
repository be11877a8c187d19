/** The few system calls that Java lacks: network namespaces, netlink, mounts, signals, file locks. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.linux;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
