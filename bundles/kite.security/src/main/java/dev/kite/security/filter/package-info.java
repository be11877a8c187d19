/** The steps of the API port's request path that are security's: who asks, as whom, and whether they may. */
@NullMarked
package dev.kite.security.filter;

import org.jspecify.annotations.NullMarked;
