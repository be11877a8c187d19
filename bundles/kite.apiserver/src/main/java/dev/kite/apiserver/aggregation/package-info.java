/**
 * Other API servers behind this one: who serves which group version (APIService), whether it answers, and what it serves, shown as if it were served here.
 *
 * <p>Requests: {@link dev.kite.apiserver.aggregation.AggregatedRoute}. Documents: {@link dev.kite.apiserver.aggregation.AggregatedCatalog} and
 * {@link dev.kite.apiserver.aggregation.RemoteSpecs}. One virtual thread watches over each remote server ({@code aggregated NAME}); nothing that a remote
 * server does or fails to do holds up an answer of this one beyond a bound.
 */
@NullMarked
package dev.kite.apiserver.aggregation;

import org.jspecify.annotations.NullMarked;
