/** Kubernetes' rules for names, labels and values, with the forms of its messages. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.model.validation;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
