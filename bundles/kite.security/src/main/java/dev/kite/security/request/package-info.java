/** Reading what a request asks for. */
@NullMarked
package dev.kite.security.request;

import org.jspecify.annotations.NullMarked;
