/**
 * Services in the kernel. What is wanted is computed from Services and EndpointSlices alone ({@link dev.kite.proxy.ServiceTable}), written as chains and map
 * elements ({@link dev.kite.proxy.ServiceChains}), and brought about by one nftables transaction a change ({@link dev.kite.proxy.Transaction}).
 */
@NullMarked
package dev.kite.proxy;

import org.jspecify.annotations.NullMarked;
