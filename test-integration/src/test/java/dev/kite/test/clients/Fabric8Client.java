package dev.kite.test.clients;

import static dev.kite.test.clients.Steps.held;
import static dev.kite.test.clients.Steps.until;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** fabric8's client in the namespace that is its argument. */
final class Fabric8Client {
    private Fabric8Client() {}

    public static void main(String[] arguments) throws Exception {
        String namespace = arguments[0];
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            held("version", client.getKubernetesVersion().getMinor().equals("36"));
            objects(client, namespace);
            pods(client, namespace);
            leader(client, namespace);
            client.configMaps().inNamespace(namespace).withLabel("set", "java").delete();
            until(
                    "delete",
                    () -> client.configMaps()
                            .inNamespace(namespace)
                            .withLabel("set", "java")
                            .list()
                            .getItems()
                            .isEmpty());
        }
        System.exit(0);
    }

    private static void objects(KubernetesClient client, String namespace) throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (SharedIndexInformer<ConfigMap> informer =
                        client.configMaps().inNamespace(namespace).inform();
                Watch _ = client.configMaps()
                        .inNamespace(namespace)
                        .withLabel("set", "java")
                        .watch(new Watcher<ConfigMap>() {
                            @Override
                            public void eventReceived(Action action, ConfigMap map) {
                                seen.add(action + " " + map.getMetadata().getName());
                            }

                            @Override
                            public void onClose(WatcherException cause) {
                                seen.add("closed by " + cause);
                            }
                        })) {
            ConfigMap map = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("one")
                    .withNamespace(namespace)
                    .addToLabels("set", "java")
                    .endMetadata()
                    .withData(Map.of("a", "1"))
                    .build();
            client.resource(map).create();
            ConfigMap changed = client.configMaps()
                    .inNamespace(namespace)
                    .withName("one")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"b\":\"2\"}}");
            held("merge patch", changed.getData().equals(Map.of("a", "1", "b", "2")));
            client.configMaps()
                    .inNamespace(namespace)
                    .withName("one")
                    .edit(old -> new ConfigMapBuilder(old).addToData("c", "3").build());
            until("informer", () -> {
                ConfigMap cached = informer.getStore().getByKey(namespace + "/one");
                return cached != null && "3".equals(cached.getData().get("c"));
            });
            client.configMaps().inNamespace(namespace).withName("one").delete();
            until("watch", () -> seen.equals(List.of("ADDED one", "MODIFIED one", "MODIFIED one", "DELETED one")));
            client.resource(map).serverSideApply();
            ConfigMap applied =
                    client.configMaps().inNamespace(namespace).withName("one").get();
            held(
                    "server-side apply",
                    applied.getMetadata()
                            .getManagedFields()
                            .getFirst()
                            .getOperation()
                            .equals("Apply"));
            try {
                client.resource(map).create();
                held("refused", false);
            } catch (KubernetesClientException e) {
                held(
                        "refused",
                        e.getCode() == 409
                                && "AlreadyExists".equals(e.getStatus().getReason()));
            }
        }
    }

    private static void pods(KubernetesClient client, String namespace) throws Exception {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(1L)
                .addNewContainer()
                .withName("main")
                .withImage("busybox:1.36")
                .withCommand("sh", "-c", "echo started; exec sleep 3600")
                .endContainer()
                .endSpec()
                .build();
        client.resource(pod).create();
        client.resource(pod).waitUntilReady(90, TimeUnit.SECONDS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecWatch exec = client.pods()
                .inNamespace(namespace)
                .withName("web")
                .writingOutput(out)
                .exec("sh", "-c", "echo hi; exit 3")) {
            held("exec", exec.exitCode().get(30, TimeUnit.SECONDS) == 3);
        }
        held("output", out.toString(StandardCharsets.UTF_8).equals("hi\n"));
        held(
                "log",
                client.pods().inNamespace(namespace).withName("web").getLog().equals("started\n"));
    }

    private static void leader(KubernetesClient client, String namespace) throws Exception {
        CompletableFuture<String> led = new CompletableFuture<>();
        CompletableFuture<?> election = client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName("election")
                        .withLeaseDuration(Duration.ofSeconds(6))
                        .withRenewDeadline(Duration.ofSeconds(4))
                        .withRetryPeriod(Duration.ofSeconds(1))
                        .withReleaseOnCancel(true)
                        .withLock(new LeaseLock(namespace, "leader", "fabric8"))
                        .withLeaderCallbacks(new LeaderCallbacks(() -> {}, () -> {}, led::complete))
                        .build())
                .build()
                .start();
        held("leader", led.get(30, TimeUnit.SECONDS).equals("fabric8"));
        election.cancel(true);
    }
}
