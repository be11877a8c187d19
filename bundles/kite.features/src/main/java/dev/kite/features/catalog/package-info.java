/** The features there are, read from feature files and their jars. */
@NullMarked
package dev.kite.features.catalog;

import org.jspecify.annotations.NullMarked;
