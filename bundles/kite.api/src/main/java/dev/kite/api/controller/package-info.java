/** Reconciling: work queues and the loops that drain them. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.controller;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
