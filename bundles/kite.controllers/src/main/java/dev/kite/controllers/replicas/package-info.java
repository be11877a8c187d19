/** ReplicaSets and ReplicationControllers. */
@NullMarked
package dev.kite.controllers.replicas;

import org.jspecify.annotations.NullMarked;
