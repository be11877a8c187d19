/** What the server serves, as clients ask for it: plain and aggregated discovery. */
@NullMarked
package dev.kite.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
