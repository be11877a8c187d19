/** The generic resource: one verb a class, one strategy a group of kinds, over the store. */
@NullMarked
package dev.kite.apiserver.registry;

import org.jspecify.annotations.NullMarked;
