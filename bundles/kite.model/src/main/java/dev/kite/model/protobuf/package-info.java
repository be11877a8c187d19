/**
 * Kubernetes' protobuf, driven by the structure table: Jackson trees and generated types to messages and back, and the
 * envelope in which they travel and are stored.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.model.protobuf;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
