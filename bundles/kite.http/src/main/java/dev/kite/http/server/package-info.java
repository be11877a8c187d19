/** Servers on Jetty's core: this package alone knows Jetty. */
@NullMarked
package dev.kite.http.server;

import org.jspecify.annotations.NullMarked;
