/** Tokens for joining, managed through the API as bootstrap token Secrets. */
@NullMarked
package dev.kite.cli.token;

import org.jspecify.annotations.NullMarked;
