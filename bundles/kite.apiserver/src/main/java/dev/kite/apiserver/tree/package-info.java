/** Reading JSON trees that may hold anything: a missing or wrongly typed node is empty, never an exception. */
@NullMarked
package dev.kite.apiserver.tree;

import org.jspecify.annotations.NullMarked;
