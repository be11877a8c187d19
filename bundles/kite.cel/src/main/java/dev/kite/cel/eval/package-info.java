/** Evaluation of compiled expressions: the tree of nodes, values, their equality and arithmetic, cost and its limits. Nothing of dev.cel here. */
@NullMarked
package dev.kite.cel.eval;

import org.jspecify.annotations.NullMarked;
