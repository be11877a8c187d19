/** DaemonSets: a pod on each node. */
@NullMarked
package dev.kite.controllers.daemon;

import org.jspecify.annotations.NullMarked;
