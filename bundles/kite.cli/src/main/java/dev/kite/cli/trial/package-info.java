/** {@code kite try}: a server in a network namespace of its own. */
@NullMarked
package dev.kite.cli.trial;

import org.jspecify.annotations.NullMarked;
