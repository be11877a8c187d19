/** Completion for shells. */
@NullMarked
package dev.kite.cli.completion;

import org.jspecify.annotations.NullMarked;
