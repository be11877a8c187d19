package dev.kite.controllers.base;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.controller.ControllerFactory;
import java.time.Clock;

/**
 * What all loops share.
 *
 * @param clients makes each loop's own client
 * @param shared the client whose informers all loops read, {@code system:kube-controller-manager}'s
 * @param controllers makes queues and workers
 * @param clock tells the time
 * @param arguments what was given by --kube-controller-manager-arg
 */
public record Environment(
        KubernetesClientFactory clients,
        KubernetesClient shared,
        ControllerFactory controllers,
        Clock clock,
        ComponentArguments arguments) {}
