/** Volumes and claims: which belong together, and that none goes while it is used. */
@NullMarked
package dev.kite.controllers.volumes;

import org.jspecify.annotations.NullMarked;
