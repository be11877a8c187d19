/** Join tokens and service account tokens. */
@NullMarked
package dev.kite.security.token;

import org.jspecify.annotations.NullMarked;
