/** From source to program: dev.cel's parser and checker, the planner, the static cost estimate. */
@NullMarked
package dev.kite.cel.compile;

import org.jspecify.annotations.NullMarked;
