package dev.kite.node.self;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ListOptions;
import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.CriException;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeStatus;
import dev.kite.node.KubeletArguments;
import dev.kite.node.NodeContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the Node object: registers it, reports its status when it changes and else each 5 minutes, tells its pod network. One thread, {@code node-status}; it looks each 10 s,
 * and at once when the Node changes or {@link #wake} is called.
 */
final class NodeKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofMillis(200);
    /** As long a condition is said after what was short is there again, by the kubelet's default. */
    private static final Duration TRANSITION = Duration.ofMinutes(5);

    private static final Duration REPORT = Duration.ofMinutes(5);

    private final NodeContext context;
    private final KubernetesClient roles;
    private final NodeObject self;
    private final ContainerRuntime runtime;
    private final Consumer<Node> onNode;
    private final Relief relief;
    private final InstantSource clock;
    private final Semaphore wakes = new Semaphore(0);
    private final Informer<Node> informer;
    private final Thread thread;
    private volatile boolean ready;
    private final Duration look;
    private final Set<Signal> signals;
    private final Pressures pressures;
    private final Readings readings;
    private Instant reported = Instant.EPOCH;
    private Instant next = Instant.EPOCH;
    private boolean relieved;

    /**
     * @param roles a client that may set node-role labels: the node's own where there is none
     * @param onNode is given the Node when it is there or changed; must not block for long
     * @param arguments what the kubelet is told
     * @param relief makes room where something is short
     */
    NodeKeeper(
            NodeContext context,
            KubernetesClient roles,
            NodeObject self,
            ContainerRuntime runtime,
            Consumer<Node> onNode,
            KubeletArguments arguments,
            Relief relief,
            InstantSource clock) {
        this.context = context;
        this.roles = roles;
        this.self = self;
        this.runtime = runtime;
        this.onNode = onNode;
        this.relief = relief;
        this.look = interval(arguments);
        List<Threshold> thresholds = Threshold.all(arguments.given());
        this.signals = thresholds.stream().map(Threshold::signal).collect(Collectors.toSet());
        this.pressures = new Pressures(
                thresholds, arguments.given().duration("eviction-pressure-transition-period", TRANSITION));
        this.readings =
                new Readings(context.paths().root(), context.paths().data().resolve("agent/containerd"));
        this.clock = clock;
        this.informer = context.client()
                .informers()
                .informer(Node.RESOURCE, "", ListOptions.fields("metadata.name=" + context.name()));
        this.thread = Thread.ofVirtual().name("node-status").unstarted(this::run);
    }

    /** How often it looks at how the node is. */
    static Duration interval(KubeletArguments arguments) {
        return arguments.given().duration("node-status-update-frequency", LOOK);
    }

    void start() {
        informer.onChange((_, _) -> wake());
        thread.start();
    }

    void wake() {
        wakes.release();
    }

    /** Whether the last report said Ready. */
    boolean ready() {
        return ready;
    }

    private void run() {
        try {
            while (true) {
                Duration pause = look;
                try {
                    Node node = register();
                    onNode.accept(node);
                    report(node);
                    pause = ready ? look : SOON;
                } catch (ApiException e) {
                    LOG.debug("Node status: {}", e.getMessage());
                    pause = SOON.multipliedBy(3);
                } catch (RuntimeException e) {
                    LOG.warn("Node status cannot be reported", e);
                }
                if (wakes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakes.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Node register() {
        Node cached = informer.get("", context.name());
        Optional<Node> found = cached != null
                ? Optional.of(cached)
                : context.client().resource(Node.RESOURCE).find("", context.name());
        if (found.isPresent()) {
            return withLabels(found.get());
        }
        try {
            Node made = roles.resource(Node.RESOURCE).create(self.registration());
            LOG.info("Registered node {}", context.name());
            return made;
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            return context.client().resource(Node.RESOURCE).get("", context.name());
        }
    }

    /** Labels and annotations of ours that are missing or old are set again. */
    private Node withLabels(Node node) {
        Map<String, String> labels = new HashMap<>(node.metadata().labels());
        labels.putAll(self.labelMap());
        Map<String, String> annotations = new HashMap<>(node.metadata().annotations());
        annotations.putAll(self.annotations());
        if (labels.equals(node.metadata().labels())
                && annotations.equals(node.metadata().annotations())) {
            return node;
        }
        Node wanted = node.toBuilder()
                .metadata(node.metadata().toBuilder()
                        .labels(labels)
                        .annotations(annotations)
                        .build())
                .build();
        try {
            return roles.resource(Node.RESOURCE).update(wanted);
        } catch (ApiException e) {
            if (e.conflict()) {
                return context.client().resource(Node.RESOURCE).get("", context.name());
            }
            throw e;
        }
    }

    private void report(Node node) {
        Instant now = clock.instant();
        NodeStatus status = self.status(node.status(), health(now), now);
        boolean isReady = status.conditions().stream()
                .anyMatch(one -> one.type().equals("Ready") && one.status().equals("True"));
        if (NodeObject.differ(status, node.status()) || now.isAfter(reported.plus(REPORT))) {
            try {
                context.client()
                        .resource(Node.RESOURCE)
                        .updateStatus(node.toBuilder().status(status).build());
                reported = now;
            } catch (ApiException e) {
                if (!e.conflict()) {
                    throw e;
                }
                wake(); // the informer brings what the other wrote
                return;
            }
        }
        if (isReady && !ready) {
            LOG.info("Node {} is ready", context.name());
        }
        ready = isReady;
    }

    private NodeObject.Health health(Instant now) {
        Set<String> lacking = pressures(now);
        try {
            return new NodeObject.Health(runtime.info(), runtime.images(), lacking);
        } catch (CriException e) {
            return new NodeObject.Health(null, List.of(), lacking);
        }
    }

    /** Measures, has room made where something is short, tells which conditions the Node is to say. */
    private Set<String> pressures(Instant now) {
        try {
            Pressures.Shortage shortage = pressures.note(readings.read(signals), now);
            if (shortage == null) {
                relieved = false;
            } else if (!now.isBefore(next)) {
                relief.relieve(shortage, relieved);
                relieved = true;
                next = now.plus(LOOK);
            }
        } catch (IOException | CriException e) {
            LOG.warn("What is short cannot be freed: {}", e.getMessage());
        }
        return Stream.of("MemoryPressure", "DiskPressure", "PIDPressure")
                .filter(condition -> pressures.says(condition, now))
                .collect(Collectors.toSet());
    }

    /** Makes room. */
    interface Relief {
        /**
         * Makes room once.
         *
         * @param shortage what is short
         * @param again whether room was made before, without enough effect
         */
        void relieve(Pressures.Shortage shortage, boolean again);
    }

    @Override
    public void close() {
        thread.interrupt();
        informer.close();
    }
}
