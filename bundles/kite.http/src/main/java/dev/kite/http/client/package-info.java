/** A small HTTP/1.1 client of blocking calls: virtual threads make it simple, and upgrades need its sockets. */
@NullMarked
package dev.kite.http.client;

import org.jspecify.annotations.NullMarked;
