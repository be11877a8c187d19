/** Which pods answer for a Service. */
@NullMarked
package dev.kite.controllers.endpoints;

import org.jspecify.annotations.NullMarked;
