/** Rotation of the keys that Secrets are encrypted with. */
@NullMarked
package dev.kite.cli.secrets;

import org.jspecify.annotations.NullMarked;
