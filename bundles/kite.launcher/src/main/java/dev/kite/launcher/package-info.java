/** Starts the OSGi framework with what a feature file lists, says what becomes ready, and ends it in order. On the class path, not a bundle of the framework that it starts. */
@NullMarked
package dev.kite.launcher;

import org.jspecify.annotations.NullMarked;
