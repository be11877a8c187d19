package dev.kite.node.pod;

import dev.kite.api.client.EventRecorder;
import dev.kite.cri.ContainerImage;
import dev.kite.cri.ContainerSpec;
import dev.kite.cri.CriException;
import dev.kite.cri.Sandbox;
import dev.kite.cri.SandboxSpec;
import dev.kite.linux.NetworkNamespace;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes sandboxes and starts containers. Confined to one pod's worker but for the room. */
final class PodStart {
    private static final Duration HOOK = Duration.ofMinutes(2);

    private final Room room;
    private final PodEnd.Events events;
    private final Backoffs backoffs;

    PodStart(Room room, PodEnd.Events events, Backoffs backoffs) {
        this.room = room;
        this.events = events;
        this.backoffs = backoffs;
    }

    /** Makes the pod's attempt-th sandbox. */
    String sandbox(Pod pod, int attempt) throws SyncException {
        try {
            SandboxSpec spec = room.sandboxes().of(pod, attempt);
            Files.createDirectories(Path.of(spec.logDirectory()));
            String id = room.runtime().runSandbox(spec, room.sandboxes().handler(pod));
            room.registry().belongs(id, pod.metadata().uid());
            return id;
        } catch (IOException | CriException e) {
            throw new SyncException("FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage(), e);
        }
    }

    /** Starts a container's attempt-th instance in a sandbox. */
    void container(Pod pod, Ref ref, int attempt, Sandbox sandbox, Map<String, Path> volumes, PodView view)
            throws SyncException, InterruptedException {
        try {
            FormerLogs.prune(logs(pod).resolve(ref.name()), attempt);
            if (Containers.isProgram(ref.spec())) {
                program(pod, ref, attempt, sandbox);
            } else {
                real(pod, ref, attempt, sandbox, volumes, view);
            }
        } catch (IOException e) {
            throw new SyncException(SyncException.CONFIG, "cannot delete old logs: " + e.getMessage(), e);
        } catch (SyncException e) {
            if (e.reason().equals(SyncException.CONFIG)
                    || e.reason().equals(SyncException.CREATE)
                    || e.reason().equals(SyncException.RUN)) {
                events.event(ref, EventRecorder.Type.WARNING, "Failed", "Error: " + e.getMessage());
            }
            throw e;
        }
    }

    private Path logs(Pod pod) {
        var metadata = pod.metadata();
        return room.node().paths().logs(metadata.namespace(), metadata.name(), metadata.uid());
    }

    private void program(Pod pod, Ref ref, int attempt, Sandbox sandbox) throws SyncException {
        Map<String, String> environment = room.environment().of(pod, ref.spec(), where(pod, sandbox));
        try {
            Optional<Path> namespace = room.runtime().networkNamespace(sandbox.id());
            List<InetAddress> addresses = pod.spec().hostNetwork()
                    ? room.node().addresses()
                    : sandbox.addresses().stream().map(InetAddress::ofLiteral).toList();
            Path log = logs(pod).resolve(ref.name()).resolve(attempt + ".log");
            room.programs()
                    .start(
                            pod,
                            ref,
                            sandbox.id(),
                            attempt,
                            new Programs.Space(
                                    namespace.map(NetworkNamespace::at).orElse(null), addresses),
                            environment,
                            log);
            events.event(ref, EventRecorder.Type.NORMAL, "Started", "Started container " + ref.name());
        } catch (CriException e) {
            throw new SyncException(SyncException.CREATE, String.valueOf(e.getMessage()), e);
        }
    }

    private void real(Pod pod, Ref ref, int attempt, Sandbox sandbox, Map<String, Path> volumes, PodView view)
            throws SyncException, InterruptedException {
        SandboxSpec sandboxSpec;
        try {
            sandboxSpec = room.sandboxes().of(pod, sandbox.pod().attempt());
        } catch (IOException e) {
            throw new SyncException(SyncException.CONFIG, String.valueOf(e.getMessage()), e);
        }
        ContainerImage image = room.images().get(pod, ref, sandboxSpec, backoffs, listener(ref));
        Map<String, String> environment = room.environment().of(pod, ref.spec(), where(pod, sandbox));
        ContainerSpec spec;
        try {
            spec = room.containers()
                    .of(
                            pod,
                            ref,
                            attempt,
                            new ContainerSpecs.Parts(
                                    image,
                                    environment,
                                    volumes,
                                    target(pod, ref, view),
                                    sandbox.addresses(),
                                    room.sandboxes().hostname(pod),
                                    room.sandboxes().subdomain(pod)));
        } catch (IOException e) {
            throw new SyncException(SyncException.CONFIG, String.valueOf(e.getMessage()), e);
        }
        String id = create(pod, ref, sandbox, spec, sandboxSpec);
        try {
            room.runtime().startContainer(id);
        } catch (CriException e) {
            throw new SyncException(SyncException.RUN, String.valueOf(e.getMessage()), e);
        }
        events.event(ref, EventRecorder.Type.NORMAL, "Started", "Started container " + ref.name());
        link(pod, ref, id, spec);
        if (ref.spec().lifecycle().hasPostStart()) {
            hook(ref, id, sandbox, pod);
        }
    }

    private String create(Pod pod, Ref ref, Sandbox sandbox, ContainerSpec spec, SandboxSpec sandboxSpec)
            throws SyncException {
        try {
            String id = room.runtime().createContainer(sandbox.id(), spec, sandboxSpec);
            room.registry().belongs(id, pod.metadata().uid());
            events.event(ref, EventRecorder.Type.NORMAL, "Created", "Created container: " + ref.name());
            return id;
        } catch (CriException e) {
            throw new SyncException(SyncException.CREATE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The link by which log collectors find a container's log. */
    private void link(Pod pod, Ref ref, String id, ContainerSpec spec) throws SyncException {
        Path folder = room.node().paths().containerLogs();
        var metadata = pod.metadata();
        Path log = logs(pod).resolve(spec.logPath());
        String name = metadata.name() + "_" + metadata.namespace() + "_" + ref.name() + "-" + id + ".log";
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(name));
            Files.createSymbolicLink(folder.resolve(name), log);
        } catch (IOException e) {
            throw new SyncException(SyncException.RUN, "cannot link the log: " + e.getMessage(), e);
        }
    }

    private void hook(Ref ref, String id, Sandbox sandbox, Pod pod) throws SyncException, InterruptedException {
        String address = sandbox.addresses().isEmpty()
                ? room.node().addresses().getFirst().getHostAddress()
                : sandbox.addresses().getFirst();
        Checks.Outcome outcome = room.checks().hook(ref.spec().lifecycle().postStart(), ref.spec(), id, address, HOOK);
        if (!outcome.success()) {
            events.event(
                    ref,
                    EventRecorder.Type.WARNING,
                    "FailedPostStartHook",
                    "PostStartHook failed: " + outcome.message());
            events.event(ref, EventRecorder.Type.NORMAL, "Killing", "FailedPostStartHook");
            room.runtime().stopContainer(id, Duration.ofSeconds(pod.spec().terminationGracePeriodSeconds()));
            throw new SyncException("PostStartHookError", "PostStartHook failed: " + outcome.message());
        }
    }

    private static String target(Pod pod, Ref ref, PodView view) {
        return pod.spec().ephemeralContainers().stream()
                .filter(one ->
                        ref.kind() == Containers.Kind.EPHEMERAL && one.name().equals(ref.name()))
                .map(one -> one.targetContainerName())
                .filter(name -> !name.isEmpty())
                .map(view::newest)
                .filter(instance -> instance != null)
                .map(Instance::id)
                .findFirst()
                .orElse("");
    }

    private Environment.Where where(Pod pod, Sandbox sandbox) {
        List<String> hosts = room.node().addresses().stream()
                .map(InetAddress::getHostAddress)
                .toList();
        return new Environment.Where(
                room.node().name(),
                hosts.isEmpty() ? "" : hosts.getFirst(),
                hosts,
                pod.spec().hostNetwork() ? hosts : sandbox.addresses());
    }

    private Images.Listener listener(Ref ref) {
        return new Images.Listener() {
            @Override
            public void normal(String reason, String message) {
                events.event(ref, EventRecorder.Type.NORMAL, reason, message);
            }

            @Override
            public void warning(String reason, String message) {
                events.event(ref, EventRecorder.Type.WARNING, reason, message);
            }
        };
    }
}
