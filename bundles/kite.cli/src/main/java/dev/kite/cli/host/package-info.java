/** A host's workloads from outside the server: ending them, and hosts that are network namespaces. */
@NullMarked
package dev.kite.cli.host;

import org.jspecify.annotations.NullMarked;
