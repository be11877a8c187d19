/** Nodes: their pod networks, their health, their pods. */
@NullMarked
package dev.kite.controllers.nodes;

import org.jspecify.annotations.NullMarked;
