package dev.kite.controllers;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.controller.ControllerFactory;
import dev.kite.api.health.Ready;
import dev.kite.api.security.UserInfo;
import dev.kite.controllers.base.Environment;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Scope;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All loops, started together and ended in reverse order. */
final class ControllerManager implements AutoCloseable, Ready {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerManager.class);

    private final KubernetesClient shared;
    private final Deque<Scope> scopes = new ArrayDeque<>();
    private final int count;

    /**
     * Starts loops.
     *
     * @param clients makes their clients
     * @param controllers makes their queues
     * @param clock tells the time
     * @param arguments what was given by --kube-controller-manager-arg
     * @param loops the loops
     */
    ControllerManager(
            KubernetesClientFactory clients,
            ControllerFactory controllers,
            Clock clock,
            ComponentArguments arguments,
            List<Loop> loops) {
        this.shared = clients.inProcess(UserInfo.of("system:kube-controller-manager"));
        this.count = loops.size();
        Environment environment = new Environment(clients, shared, controllers, clock, arguments);
        for (Loop loop : loops) {
            Scope scope = new Scope(loop, environment);
            scopes.push(scope);
            loop.start(scope);
        }
        LOG.debug("{} loops started", count);
    }

    @Override
    public String detail() {
        return count + " loops";
    }

    @Override
    public void close() {
        while (!scopes.isEmpty()) {
            scopes.pop().close();
        }
        shared.close();
    }
}
