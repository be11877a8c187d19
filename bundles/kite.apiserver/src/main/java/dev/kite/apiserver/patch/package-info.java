/** Patches of objects: JSON patch, merge patch, strategic merge patch and apply. */
@NullMarked
package dev.kite.apiserver.patch;

import org.jspecify.annotations.NullMarked;
