/**
 * Objects of kinds that aren't built in, between the version in which they are stored and those in which they are asked for: by their definition's webhook, or
 * by name alone. Kinds of one version pass through untouched.
 */
@NullMarked
package dev.kite.apiserver.conversion;

import org.jspecify.annotations.NullMarked;
