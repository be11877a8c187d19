/** Deployments. */
@NullMarked
package dev.kite.controllers.deployment;

import org.jspecify.annotations.NullMarked;
