/** The functions: CEL's standard ones, Kubernetes' libraries, each with its declaration and its cost. */
@NullMarked
package dev.kite.cel.library;

import org.jspecify.annotations.NullMarked;
