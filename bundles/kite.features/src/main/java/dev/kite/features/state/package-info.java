/** What runs, remembered across restarts. */
@NullMarked
package dev.kite.features.state;

import org.jspecify.annotations.NullMarked;
