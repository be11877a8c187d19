/** Container images made on the spot, without a registry. */
@NullMarked
package dev.kite.cli.image;

import org.jspecify.annotations.NullMarked;
