/** The node as the API sees it: its Node object, its Lease, its pod network's configuration; and the components that bring the rooms together. */
@NullMarked
package dev.kite.node.self;

import org.jspecify.annotations.NullMarked;
