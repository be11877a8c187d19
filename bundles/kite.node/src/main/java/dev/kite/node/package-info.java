/**
 * What the node's rooms share: {@link dev.kite.node.NodeContext} (who and where this node is), {@link dev.kite.node.VolumeMounter} (offered by dev.kite.node.volume, used by
 * dev.kite.node.pod), {@link dev.kite.node.NodePods} (offered by dev.kite.node.pod, used by dev.kite.node.server). Not exported.
 */
@NullMarked
package dev.kite.node;

import org.jspecify.annotations.NullMarked;
