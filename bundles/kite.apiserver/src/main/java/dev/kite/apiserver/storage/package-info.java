/** Where objects lie in the store, their form there and at rest, and the view that lets lists and watches copy bytes. */
@NullMarked
package dev.kite.apiserver.storage;

import org.jspecify.annotations.NullMarked;
