/** The manifests directory: what lies in DATA/server/manifests is in the cluster. */
@NullMarked
package dev.kite.deploy;

import org.jspecify.annotations.NullMarked;
