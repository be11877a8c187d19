/** Arguments of upstream's components, as {@code --kube-apiserver-arg} and its like give them: which there are, and what was given. */
@Export
@Version("1.1.0")
@NullMarked
package dev.kite.api.arguments;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
