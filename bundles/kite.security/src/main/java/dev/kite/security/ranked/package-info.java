/** Services in order of ranking. */
@NullMarked
package dev.kite.security.ranked;

import org.jspecify.annotations.NullMarked;
