/** The client's working parts, seen by others only as services of kite.api's interfaces. */
@NullMarked
package dev.kite.client;

import org.jspecify.annotations.NullMarked;
