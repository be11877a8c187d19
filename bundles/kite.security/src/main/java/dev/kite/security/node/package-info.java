/** What a node may do: only what the pods bound to it need. */
@NullMarked
package dev.kite.security.node;

import org.jspecify.annotations.NullMarked;
