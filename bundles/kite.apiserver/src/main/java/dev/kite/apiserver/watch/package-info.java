/** Watches: store events turned into the frames of a response, without decoding what is sent as stored. */
@NullMarked
package dev.kite.apiserver.watch;

import org.jspecify.annotations.NullMarked;
