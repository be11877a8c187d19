/** {@code kite feature}: lists, shows and switches features over the API. */
@NullMarked
package dev.kite.cli.feature;

import org.jspecify.annotations.NullMarked;
