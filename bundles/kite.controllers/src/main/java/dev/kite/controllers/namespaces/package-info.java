/** Namespaces: their content goes before they do. */
@NullMarked
package dev.kite.controllers.namespaces;

import org.jspecify.annotations.NullMarked;
