/** Parts of HTTP messages that servers, clients and exchanges in this process share. */
@NullMarked
package dev.kite.http.message;

import org.jspecify.annotations.NullMarked;
