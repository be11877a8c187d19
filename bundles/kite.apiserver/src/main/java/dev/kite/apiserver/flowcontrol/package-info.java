/**
 * Protection under load, to API priority and fairness' contract: requests are matched by FlowSchemas to priority levels, each with its seats; what finds none
 * waits in its flow's queue or is refused.
 *
 * <p>{@code FlowControl} holds the configuration of the moment; {@code Level} gives seats without a lock as long as nobody waits, {@code FairQueues} decides who
 * is next when somebody does. The filters are the steps of the request path.
 */
@NullMarked
package dev.kite.apiserver.flowcontrol;

import org.jspecify.annotations.NullMarked;
