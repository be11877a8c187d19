/** Volumes that are folders of a node. */
@NullMarked
package dev.kite.localstorage;

import org.jspecify.annotations.NullMarked;
