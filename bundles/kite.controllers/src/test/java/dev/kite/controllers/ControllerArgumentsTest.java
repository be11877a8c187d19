package dev.kite.controllers;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.controller.ControllerFactory;
import dev.kite.api.controller.Reconciler;
import dev.kite.api.controller.WorkQueue;
import dev.kite.behaviour.Behaviour;
import dev.kite.client.SystemControllerFactory;
import dev.kite.client.testing.FakeCluster;
import dev.kite.controllers.base.Loop;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ServiceAccountTokens;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What --kube-controller-manager-arg changes in the loops as a whole. */
class ControllerArgumentsTest {
    private static final Map<String, String> WORKERS = Map.ofEntries(
            Map.entry("concurrent-cron-job-syncs", "cronjob-controller"),
            Map.entry("concurrent-daemonset-syncs", "daemon-set-controller"),
            Map.entry("concurrent-deployment-syncs", "deployment-controller"),
            Map.entry("concurrent-endpoint-syncs", "endpoint-controller"),
            Map.entry("concurrent-ephemeralvolume-syncs", "ephemeral-volume-controller"),
            Map.entry("concurrent-gc-syncs", "generic-garbage-collector"),
            Map.entry("concurrent-job-syncs", "job-controller"),
            Map.entry("concurrent-namespace-syncs", "namespace-controller"),
            Map.entry("concurrent-node-status-updates", "node-controller"),
            Map.entry("concurrent-rc-syncs", "replication-controller"),
            Map.entry("concurrent-replicaset-syncs", "replicaset-controller"),
            Map.entry("concurrent-resource-quota-syncs", "resourcequota-controller"),
            Map.entry("concurrent-service-endpoint-syncs", "endpointslice-controller"),
            Map.entry("concurrent-serviceaccount-token-syncs", "tokens-controller"),
            Map.entry("concurrent-statefulset-syncs", "statefulset-controller"),
            Map.entry("concurrent-ttl-after-finished-syncs", "ttl-after-finished-controller"),
            Map.entry("mirroring-concurrent-service-endpoint-syncs", "endpointslicemirroring-controller"));

    private static <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        method.getReturnType() == String.class ? "10.42.0.0/16" : method.getDefaultValue()));
    }

    private static ComponentArguments arguments(String... given) {
        return ComponentArguments.of(
                UpstreamComponent.CONTROLLER_MANAGER, Map.of("controllers", ControllerNames.DEFAULT), given);
    }

    private static List<Loop> loops(String... given) {
        return Loops.all(
                fake(ServerSettings.class),
                arguments(given),
                fake(ClusterCertificates.class),
                fake(ServiceAccountTokens.class));
    }

    private static List<String> names(String... given) {
        return loops(given).stream().map(Loop::name).toList();
    }

    @Test
    @Behaviour("each one that k3s's documentation, hardening guide or kube-bench names is honoured")
    void eachLoopHasAsManyWorkersAsAskedFor() throws Exception {
        String[] given = WORKERS.keySet().stream().map(name -> name + "=7").toArray(String[]::new);
        Map<String, Integer> started = new ConcurrentHashMap<>();
        ControllerFactory real = new SystemControllerFactory();
        ControllerFactory counting = new ControllerFactory() {
            @Override
            public <K> WorkQueue<K> queue(String name) {
                return real.queue(name);
            }

            @Override
            public <K> AutoCloseable start(String name, int workers, WorkQueue<K> queue, Reconciler<K> reconciler) {
                // The node controllers are four loops under one name, of which one takes the argument.
                started.merge(name, workers, Math::max);
                return real.start(name, workers, queue, reconciler);
            }
        };
        try (FakeCluster cluster = new FakeCluster();
                ControllerManager manager = new ControllerManager(
                        cluster.clients(), counting, Clock.systemUTC(), arguments(given), loops(given))) {
            assertThat(manager.detail()).endsWith("loops");
            eventually("all run", () -> started.keySet().containsAll(WORKERS.values()));
            WORKERS.forEach((argument, loop) -> assertThat(started).as(argument).containsEntry(loop, 7));
        }
    }

    @Test
    void controllersAreTurnedOffAndOnByTheirNamesOldAndNew() {
        assertThat(names()).contains("token-cleaner", "cronjob-controller", "certificate-controller");
        assertThat(names("controllers=*")).contains("cronjob-controller").doesNotContain("token-cleaner");
        assertThat(names("controllers=*,-cronjob,tokencleaner,-job-controller"))
                .contains("token-cleaner", "deployment-controller")
                .doesNotContain("cronjob-controller", "job-controller");
        assertThat(names("controllers=deployment,replicaset-controller"))
                .containsExactly("replicaset-controller", "deployment-controller");
        assertThat(names("controllers+=-ttl")).contains("token-cleaner").doesNotContain("ttl-controller");
        assertThat(names("controllers=*,-csrsigning,-csrapproving,-csrcleaner"))
                .doesNotContain("certificate-controller");
        assertThat(names("controllers=-job,*,job")).doesNotContain("job-controller");
        assertThat(names("controllers=horizontal-pod-autoscaler-controller")).isEmpty();
    }

    @Test
    void aControllerThatUpstreamDoesNotKnowIsRefusedInItsWords() {
        assertThatThrownBy(() -> names("controllers=*,-red-controller"))
                .isInstanceOf(ArgumentException.class)
                .hasMessage("--kube-controller-manager-arg: controllers: "
                        + "\"red-controller\" is not in the list of known controllers");
        assertThatThrownBy(() -> names("controllers=-")).isInstanceOf(ArgumentException.class);
    }

    @Test
    void theGarbageCollectorIsTurnedOffByItsFlagToo() {
        assertThat(names()).contains("generic-garbage-collector");
        assertThat(names("enable-garbage-collector=false")).doesNotContain("generic-garbage-collector");
    }
}
