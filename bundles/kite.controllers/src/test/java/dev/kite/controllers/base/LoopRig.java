package dev.kite.controllers.base;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.security.UserInfo;
import dev.kite.client.SystemControllerFactory;
import dev.kite.client.testing.FakeApi;
import dev.kite.client.testing.FakeCluster;
import dev.kite.client.testing.Rights;
import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.Struct;
import dev.kite.model.core.v1.Event;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodCondition;
import dev.kite.model.json.JsonCodec;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Loops against the fake API, with the parts of a kubelet that tests need. */
public final class LoopRig implements AutoCloseable {
    private final FakeCluster cluster = new FakeCluster();
    private final KubernetesClient shared = cluster.clients().inProcess(UserInfo.of("system:kube-controller-manager"));
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private ComponentArguments arguments = ComponentArguments.of(UpstreamComponent.CONTROLLER_MANAGER);
    private final Rights rights = new Rights();

    public LoopRig() {
        cluster.api().guard(rights::check);
    }

    /** Gives what --kube-controller-manager-arg would. */
    public LoopRig with(String... given) {
        arguments = ComponentArguments.of(UpstreamComponent.CONTROLLER_MANAGER, given);
        return this;
    }

    /** Starts loops. */
    public LoopRig run(Loop... loops) {
        return run(Clock.systemUTC(), loops);
    }

    /** Starts loops on a clock. */
    public LoopRig run(Clock clock, Loop... loops) {
        Environment environment =
                new Environment(cluster.clients(), shared, new SystemControllerFactory(), clock, arguments);
        for (Loop loop : loops) {
            Scope scope = new Scope(loop, environment);
            opened.push(scope);
            loop.start(scope);
        }
        return this;
    }

    /** A node that makes all pods run and be ready at once, binds those that have no node, and ends those that are deleted. */
    public LoopRig withKubelet() {
        var pods = shared.informers().informer(Pod.RESOURCE);
        opened.push(pods);
        ResourceClient<Pod> client = cluster.admin().resource(Pod.RESOURCE);
        var queue = new SystemControllerFactory().<dev.kite.api.client.ObjectKey>queue("kubelet");
        pods.onChange((before, after) -> {
            if (after != null) {
                queue.add(Owners.key(after));
            }
        });
        opened.push(new SystemControllerFactory().start("kubelet", 2, queue, key -> {
            Pod pod = pods.get(key.namespace(), key.name());
            if (pod == null) {
                return null;
            }
            if (pod.metadata().hasDeletionTimestamp()) {
                if (pod.metadata().finalizers().isEmpty()) {
                    client.delete(
                            key.namespace(),
                            key.name(),
                            dev.kite.api.client.DeleteRequest.NOW.only(
                                    pod.metadata().uid()));
                }
            } else if (pod.status().phase().isEmpty()
                    && !pod.metadata().labels().containsKey("broken")) {
                setReady(pod, true);
            }
            return null;
        }));
        return this;
    }

    /** Sets a pod's phase to Running and its readiness. */
    public void setReady(Pod pod, boolean ready) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        PodCondition condition = PodCondition.builder()
                .type("Ready")
                .status(ready ? "True" : "False")
                .lastTransitionTime(now)
                .build();
        cluster.admin()
                .resource(Pod.RESOURCE)
                .updateStatus(pod.toBuilder()
                        .status(status -> status.phase("Running")
                                .podIP("10.42.0."
                                        + (Math.abs(pod.metadata().name().hashCode()) % 250 + 2))
                                .conditions(List.of(condition)))
                        .build());
    }

    /** Ends a pod's containers. */
    public void finish(Pod pod, String phase) {
        cluster.admin()
                .resource(Pod.RESOURCE)
                .updateStatus(pod.toBuilder()
                        .status(status -> status.phase(phase).conditions(null))
                        .build());
    }

    /** The API. */
    public FakeApi api() {
        return cluster.api();
    }

    /** A client that may do everything. */
    public KubernetesClient admin() {
        return cluster.admin();
    }

    /** All objects of a kind. */
    public <T extends KubernetesObject> List<T> all(ResourceType<T> type) {
        return cluster.admin().resource(type).list("", ListOptions.ALL).items();
    }

    /** Stores an object of JSON with single quotes. */
    public <T extends KubernetesObject> T put(ResourceType<T> type, String json) {
        var stored = api().put(json.replace('\'', '"'));
        return type.cast(
                JsonCodec.decode(stored.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8), type.type()));
    }

    /** The messages of all events of a reason, each once. */
    public List<String> events(String reason) {
        return all(Event.RESOURCE).stream()
                .filter(e -> e.reason().equals(reason))
                .map(Event::message)
                .toList();
    }

    /** Decodes JSON with single quotes. */
    public static <T extends Struct> T json(dev.kite.model.StructType<T> type, String json) {
        return JsonCodec.decode(json.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8), type);
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        shared.close();
        cluster.close();
        if (!rights.refused().isEmpty()) {
            throw new AssertionError(String.join("\n", rights.refused()));
        }
    }
}
