/** Kubernetes' validation, kind by kind, on JSON trees; the Status that tells of it. */
@NullMarked
package dev.kite.apiserver.validation;

import org.jspecify.annotations.NullMarked;
