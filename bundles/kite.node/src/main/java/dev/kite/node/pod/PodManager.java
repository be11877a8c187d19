package dev.kite.node.pod;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.node.PodProgram;
import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.CriException;
import dev.kite.cri.Sandbox;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.KubeletArguments;
import dev.kite.node.NodeContext;
import dev.kite.node.NodePods;
import dev.kite.node.VolumeMounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pods of this node: one worker each, made and told by the API's watch and the runtime's events. Threads: the informer's (does not block), {@code runtime-events}, {@code housekeeping}, a worker's
 * per pod. Closing ends the threads and leaves the containers.
 */
public final class PodManager implements NodePods, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodManager.class);
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    private static final Duration RELIST = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(3);
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private final Room room;
    private final Programs programs;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final Informer<Pod> informer;
    private final ImageCollection images;
    private final Housekeeping housekeeping;
    private final Thread watcher;
    private volatile boolean closed;

    /**
     * Makes a manager, not started.
     *
     * @param node this node
     * @param runtime runs containers
     * @param volumes mounts volumes
     * @param arguments the kubelet's arguments
     * @param allocatable what pods may use of the node, for resource field references
     * @param memory the machine's memory in bytes
     * @param clock the time
     */
    public PodManager(
            NodeContext node,
            ContainerRuntime runtime,
            VolumeMounter volumes,
            KubeletArguments arguments,
            Map<String, Quantity> allocatable,
            long memory,
            InstantSource clock) {
        this.programs = new Programs(clock);
        Cgroups cgroups = new Cgroups(
                CGROUPS,
                arguments.given().text("cgroup-root", node.settings().cgroup_root()),
                Cgroups.Rules.of(arguments));
        SecurityMapping security = new SecurityMapping(
                node.paths().root().resolve("seccomp"), arguments.given().flag("seccomp-default", false));
        this.room = new Room(
                node,
                runtime,
                volumes,
                new BoundedEvents(node.client().events("kubelet", node.name()), arguments, System::nanoTime),
                programs,
                cgroups,
                new SandboxSpecs(
                        node,
                        arguments.given().text("resolv-conf", node.settings().resolv_conf()),
                        cgroups,
                        security),
                new ContainerSpecs(
                        node.paths(), security, memory, arguments.given().flag("cpu-cfs-quota", true)),
                new Environment(node.client(), allocatable),
                new Images(runtime, node.client(), Images.Rules.of(arguments), clock),
                new Checks(runtime),
                new Admission(allocatable, arguments.allowedUnsafeSysctls()),
                clock,
                new Room.Registry() {
                    @Override
                    public void belongs(String id, String podUid) {
                        owners.put(id, podUid);
                    }

                    @Override
                    public Collection<Pod> others(String podUid) {
                        return workers.values().stream()
                                .map(PodWorker::pod)
                                .filter(pod -> !pod.metadata().uid().equals(podUid)
                                        && !PodStatuses.terminal(pod.status().phase()))
                                .toList();
                    }

                    @Override
                    public void forget(String id) {
                        owners.remove(id);
                    }
                });
        this.informer = node.client()
                .informers()
                .informer(Pod.RESOURCE, "", ListOptions.fields("spec.nodeName=" + node.name()));
        this.images = new ImageCollection(
                runtime,
                node.settings().pause_image(),
                arguments.imageGcHighPercent(),
                arguments.imageGcLowPercent(),
                arguments.given().duration("minimum-image-ttl-duration", ImageCollection.YOUNG),
                clock);
        this.housekeeping = new Housekeeping(
                new LogRotation(runtime, arguments.containerLogMaxBytes(), arguments.containerLogMaxFiles(), clock),
                images,
                () -> workers.values().stream()
                        .flatMap(worker -> worker.view().instances().stream())
                        .toList());
        this.watcher = Thread.ofVirtual().name("runtime-events").unstarted(this::watch);
    }

    /** Starts workers for the pods that are there, and takes away what pods that are no more left. */
    public void start() {
        informer.onChange(this::changed);
        watcher.start();
        housekeeping.start();
        Thread.ofVirtual().name("pod-orphans").start(() -> {
            try {
                while (!closed && !informer.awaitSync(Duration.ofSeconds(30))) {
                    LOG.debug("Waiting for the API to list pods");
                }
                if (!closed) {
                    removeOrphans();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void changed(@Nullable Pod before, @Nullable Pod after) {
        if (before != null
                && (after == null
                        || !after.metadata().uid().equals(before.metadata().uid()))) {
            PodWorker worker = workers.get(before.metadata().uid());
            if (worker != null) {
                worker.gone();
            }
        }
        if (after != null && !closed) {
            String uid = after.metadata().uid();
            PodWorker known = workers.get(uid);
            if (known != null) {
                known.update(after);
            } else {
                add(after);
            }
        }
    }

    private void add(Pod pod) {
        String uid = pod.metadata().uid();
        PodWorker worker = new PodWorker(room, pod, () -> workers.remove(uid));
        workers.put(uid, worker);
        worker.start();
    }

    /** Follows the runtime's events; a runtime that has none is listed each second. */
    private void watch() {
        while (!closed) {
            try {
                room.runtime().events(this::happened);
            } catch (CriException e) {
                if (e.code() == CriException.Code.UNIMPLEMENTED) {
                    LOG.debug("The runtime tells of no events");
                } else if (!closed) {
                    LOG.warn("Events of the container runtime ended: {}", e.getMessage());
                }
            }
            if (closed) {
                return;
            }
            workers.values().forEach(PodWorker::wake); // whatever was missed
            try {
                Thread.sleep(RECONNECT.compareTo(RELIST) > 0 ? RELIST : RECONNECT);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void happened(String id) {
        String uid = owners.get(id);
        PodWorker worker = uid == null ? null : workers.get(uid);
        if (worker != null) {
            worker.wakeRepeatedly();
        }
    }

    /** Takes away sandboxes and folders whose pods are not in the API. */
    private void removeOrphans() {
        Set<String> there = new HashSet<>(workers.keySet());
        try {
            for (Sandbox sandbox : room.runtime().sandboxes(Map.of())) {
                String uid = sandbox.labels().getOrDefault(Labels.POD_UID, "");
                if (!uid.isEmpty() && !there.contains(uid) && !workers.containsKey(uid)) {
                    LOG.info(
                            "Removing what is left of pod {}/{}",
                            sandbox.pod().namespace(),
                            sandbox.pod().name());
                    room.runtime().stopSandbox(sandbox.id());
                    room.runtime().removeSandbox(sandbox.id());
                }
            }
        } catch (CriException e) {
            LOG.warn("Cannot look for what former pods left: {}", e.getMessage());
        }
        there.addAll(workers.keySet());
        room.volumes().teardownOthers(there);
        Path pods = room.node().paths().root().resolve("pods");
        if (Files.isDirectory(pods)) {
            try (var folders = Files.newDirectoryStream(pods)) {
                for (Path folder : folders) {
                    if (!workers.containsKey(folder.getFileName().toString())) {
                        Orphans.delete(folder);
                    }
                }
            } catch (IOException e) {
                LOG.warn("Cannot clear {}: {}", pods, e.getMessage());
            }
        }
    }

    /**
     * Offers a program to pods; those that wait for it start it.
     *
     * @param program the program
     */
    public void offer(PodProgram program) {
        programs.offer(program);
        workers.values().stream()
                .filter(one -> Containers.all(one.pod()).stream()
                        .anyMatch(ref -> Containers.isProgram(ref.spec())
                                && Containers.program(ref.spec()).equals(program.name())))
                .forEach(PodWorker::wake);
    }

    /**
     * Takes a program back; its instances are stopped.
     *
     * @param program the program
     */
    public void withdraw(PodProgram program) {
        programs.withdraw(program).forEach(this::wake);
    }

    /** Removes images that nothing uses, to make room on their disk. */
    public void removeUnusedImages() {
        images.removeUnused();
    }

    /**
     * Ends one pod because something is short.
     *
     * @param memory whether memory is, rather than the disk
     * @param resource what is short
     * @param numbers how much is wanted and there
     */
    public void evictOne(boolean memory, String resource, String numbers) {
        Map<String, Long> bytes = new HashMap<>();
        room.runtime()
                .stats(Map.of())
                .forEach(one -> bytes.merge(
                        one.labels().getOrDefault(Labels.POD_UID, ""),
                        Math.max(0, memory ? one.workingSetBytes() : one.writableBytes()),
                        Long::sum));
        Eviction.choose(List.copyOf(pods()), bytes).ifPresent(pod -> {
            LOG.warn("Evicting pod {}: the node is low on {}", pod.key(), resource);
            PodWorker worker = workers.get(pod.metadata().uid());
            if (worker != null) {
                worker.evict(new PodStatuses.Verdict(
                        "Evicted", "The node was low on resource: " + resource + ". " + numbers));
            }
        });
    }

    /** @return whether the pods of this node are known */
    public boolean synced() {
        return informer.synced();
    }

    @Override
    public Collection<Pod> pods() {
        return workers.values().stream().map(PodWorker::pod).toList();
    }

    @Override
    public Optional<Pod> pod(String namespace, String name) {
        return worker(namespace, name).map(PodWorker::pod);
    }

    private Optional<PodWorker> worker(String namespace, String name) {
        PodWorker ending = null;
        for (PodWorker worker : workers.values()) {
            var metadata = worker.pod().metadata();
            if (metadata.namespace().equals(namespace) && metadata.name().equals(name)) {
                if (!worker.isEnding()) {
                    return Optional.of(worker);
                }
                ending = worker;
            }
        }
        return Optional.ofNullable(ending);
    }

    @Override
    public Optional<NodePods.Instance> container(String namespace, String pod, String container) {
        return worker(namespace, pod)
                .map(worker -> worker.view().newest(container))
                .map(PodManager::shown);
    }

    private static NodePods.Instance shown(PodView.Instance instance) {
        return new NodePods.Instance(instance.id(), instance.status().attempt(), instance.running());
    }

    @Override
    public Optional<String> sandbox(String namespace, String pod) {
        return worker(namespace, pod)
                .map(worker -> worker.view().sandboxes())
                .filter(all -> !all.isEmpty())
                .map(all -> all.getFirst().id());
    }

    @Override
    public void wake(String podUid) {
        PodWorker worker = workers.get(podUid);
        if (worker != null) {
            worker.wake();
        }
    }

    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
        housekeeping.close();
        informer.close();
        List<PodWorker> all = List.copyOf(workers.values());
        all.forEach(PodWorker::stop);
        try {
            long limit = System.nanoTime() + STOP.toNanos();
            for (PodWorker worker : all) {
                worker.awaitEnd(Duration.ofNanos(Math.max(1, limit - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
