/** The kind Feature, and who follows its objects. */
@NullMarked
package dev.kite.features;

import org.jspecify.annotations.NullMarked;
