/** What a node's certificates say. */
@NullMarked
package dev.kite.cli.certificate;

import org.jspecify.annotations.NullMarked;
