/**
 * One feature's change while everything else runs: a pure {@link dev.kite.features.swap.SwapPlan}, done by a {@link dev.kite.features.swap.Swap} on
 * {@link dev.kite.features.swap.FrameworkOperations}.
 *
 * <pre>
 * plan    = install resolve closure (replace | beside | configure | remove)
 * replace = stop configure start gate commit remove
 * beside  = configure start gate commit stop remove
 * disable = closure cleanup stop commit remove
 * result  = done | refused (nothing that runs was touched) | rolled back (it was, and is as before) | broken (and could not be put back)
 * </pre>
 */
@NullMarked
package dev.kite.features.swap;

import org.jspecify.annotations.NullMarked;
