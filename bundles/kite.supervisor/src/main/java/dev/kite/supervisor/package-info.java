/** What a server tells those who have not joined yet. */
@NullMarked
package dev.kite.supervisor;

import org.jspecify.annotations.NullMarked;
