/** The rules by which pods and volumes fit nodes, for all who must agree on them: scheduler, DaemonSets, node, storage. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.scheduling;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
