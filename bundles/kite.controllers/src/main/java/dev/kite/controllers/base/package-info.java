/** What loops have in common: scopes, owners, expectations, pods. */
@NullMarked
package dev.kite.controllers.base;

import org.jspecify.annotations.NullMarked;
