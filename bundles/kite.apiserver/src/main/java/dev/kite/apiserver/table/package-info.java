/** Server-side printing: the columns and cells that {@code kubectl get} shows, kind by kind. */
@NullMarked
package dev.kite.apiserver.table;

import org.jspecify.annotations.NullMarked;
