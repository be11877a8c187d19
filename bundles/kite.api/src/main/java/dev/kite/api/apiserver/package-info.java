/** What a bundle may add to the API server: kinds, admission, storage transformers. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.api.apiserver;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
