/** The commands of kite other than server and agent. */
@NullMarked
package dev.kite.cli;

import org.jspecify.annotations.NullMarked;
