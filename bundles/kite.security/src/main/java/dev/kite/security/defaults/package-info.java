/** The roles and bindings that every cluster has: {@code roles.txt} and its reader. */
@NullMarked
package dev.kite.security.defaults;

import org.jspecify.annotations.NullMarked;
