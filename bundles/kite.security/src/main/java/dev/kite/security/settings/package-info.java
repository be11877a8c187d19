/** Configuration files of security: reading them strictly, and noticing that they change. */
@NullMarked
package dev.kite.security.settings;

import org.jspecify.annotations.NullMarked;
