/**
 * The kubelet's HTTPS port. {@link dev.kite.node.server.NodeServer} listens and asks who calls and whether they may; {@link dev.kite.node.server.NodeHandler} finds what is asked for;
 * logs, streams and statistics have a class each. Not exported.
 */
@NullMarked
package dev.kite.node.server;

import org.jspecify.annotations.NullMarked;
