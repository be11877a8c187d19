/**
 * Volumes: what a pod's {@code volumes} come to on this node. {@link dev.kite.node.volume.NodeVolumes} goes over a pod's volumes; one class a kind of source makes its
 * files or finds its folder; {@link dev.kite.node.volume.AtomicFolder} changes many files at once. Not exported.
 */
@NullMarked
package dev.kite.node.volume;

import org.jspecify.annotations.NullMarked;
