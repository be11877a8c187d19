/**
 * Cluster DNS by Kubernetes' DNS specification 1.1.0. {@link dev.kite.dns.ClusterZone} answers from memory, {@link dev.kite.dns.Upstream} asks the node's resolvers for all else,
 * {@link dev.kite.dns.DnsServer} speaks UDP and TCP on a pod's sockets.
 */
@NullMarked
package dev.kite.dns;

import org.jspecify.annotations.NullMarked;
