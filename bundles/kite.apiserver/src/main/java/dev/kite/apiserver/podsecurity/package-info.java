/** Kubernetes' Pod Security Standards: what a pod must not ask for at the levels baseline and restricted; pure functions, a check a method. */
@NullMarked
package dev.kite.apiserver.podsecurity;

import org.jspecify.annotations.NullMarked;
