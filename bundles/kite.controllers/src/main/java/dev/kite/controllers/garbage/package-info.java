/** What goes when its owners go. */
@NullMarked
package dev.kite.controllers.garbage;

import org.jspecify.annotations.NullMarked;
