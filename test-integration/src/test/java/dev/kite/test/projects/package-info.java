/** The product with the definitions of well-known projects. */
@NullMarked
package dev.kite.test.projects;

import org.jspecify.annotations.NullMarked;
