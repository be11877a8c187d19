/** Encryption of stored objects. */
@NullMarked
package dev.kite.security.encryption;

import org.jspecify.annotations.NullMarked;
