/** The packaged product with clients that others wrote. */
@NullMarked
package dev.kite.test.clients;

import org.jspecify.annotations.NullMarked;
