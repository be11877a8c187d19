/**
 * Who did what and when: {@code audit.k8s.io/v1} events by a policy's levels, into a log that rotates. Nothing of it exists where no policy is set.
 */
@NullMarked
package dev.kite.apiserver.audit;

import org.jspecify.annotations.NullMarked;
