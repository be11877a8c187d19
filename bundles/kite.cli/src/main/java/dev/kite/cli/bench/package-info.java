/** {@code kite bench}: drives any Kubernetes API, and measures how a server starts and idles. Figures are ratios within one run; servers are compared in turns. */
@NullMarked
package dev.kite.cli.bench;

import org.jspecify.annotations.NullMarked;
