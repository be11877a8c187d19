/** Kubernetes' defaulting, kind by kind, on JSON trees. */
@NullMarked
package dev.kite.apiserver.defaults;

import org.jspecify.annotations.NullMarked;
