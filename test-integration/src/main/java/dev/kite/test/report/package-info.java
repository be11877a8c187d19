/** What the test run came to: counts, and docs/behaviours.md. */
@NullMarked
package dev.kite.test.report;

import org.jspecify.annotations.NullMarked;
