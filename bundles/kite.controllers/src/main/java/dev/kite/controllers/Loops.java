package dev.kite.controllers;

import dev.kite.api.config.ServerSettings;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.deployment.DeploymentLoop;
import dev.kite.controllers.replicas.ReplicaLoop;
import java.util.List;

/** Which loops there are: this list is the controller manager. */
final class Loops {
    private Loops() {}

    /**
     * Makes all loops.
     *
     * @param settings the server's settings
     * @return the loops, in the order of their start
     */
    static List<Loop> all(ServerSettings settings) {
        return List.of(ReplicaLoop.replicaSets(), ReplicaLoop.replicationControllers(), new DeploymentLoop());
    }
}
