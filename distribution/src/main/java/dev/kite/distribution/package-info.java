/** Makes the product from the reactor's jars: Java runtime, image folder, one executable file. Runs at build only. */
@NullMarked
package dev.kite.distribution;

import org.jspecify.annotations.NullMarked;
