/** What lies below an object's path: scale, binding, eviction, tokens, logs, exec and other tunnels, and the reviews. */
@NullMarked
package dev.kite.apiserver.subresource;

import org.jspecify.annotations.NullMarked;
