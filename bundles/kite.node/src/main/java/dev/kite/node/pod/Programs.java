package dev.kite.node.pod;

import dev.kite.api.node.PodContext;
import dev.kite.api.node.PodProgram;
import dev.kite.cri.Container;
import dev.kite.cri.ContainerStatus;
import dev.kite.linux.NetworkNamespace;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers that are bundles: keeps the programs that are offered, starts them in a sandbox's network namespace, and shows them as instances beside the runtime's. Thread-safe.
 */
final class Programs {
    private static final Logger LOG = LoggerFactory.getLogger(Programs.class);
    private static final String SCHEME = "kite://";

    private final InstantSource clock;
    private final Map<String, PodProgram> offered = new ConcurrentHashMap<>();
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** An instance, running or ended. */
    private static final class Entry {
        private final String podUid;
        private final PodProgram program;
        private final PodProgram.Running running;
        private volatile Instance instance;

        Entry(String podUid, PodProgram program, PodProgram.Running running, Instance instance) {
            this.podUid = podUid;
            this.program = program;
            this.running = running;
            this.instance = instance;
        }
    }

    Programs(InstantSource clock) {
        this.clock = clock;
    }

    void offer(PodProgram program) {
        offered.put(program.name(), program);
    }

    /** Takes a program back: its instances are stopped, as its bundle is going. Returns the uids of their pods. */
    List<String> withdraw(PodProgram program) {
        offered.remove(program.name(), program);
        List<String> pods = new ArrayList<>();
        entries.forEach((id, entry) -> {
            if (entry.program.equals(program)) {
                stop(id);
                pods.add(entry.podUid);
            }
        });
        return pods;
    }

    static boolean isProgram(String instance) {
        return instance.startsWith(SCHEME);
    }

    /** Starts a container's program. */
    void start(Pod pod, Ref ref, String sandbox, int attempt, Space space, Map<String, String> environment, Path log)
            throws SyncException {
        String name = Containers.program(ref.spec());
        PodProgram program = offered.get(name);
        if (program == null) {
            throw new SyncException(SyncException.CREATE, "no bundle offers the program " + name);
        }
        String id = SCHEME + pod.metadata().uid() + "/" + ref.name() + "/" + attempt;
        try {
            Files.createDirectories(log.getParent());
            List<String> arguments = ref.spec().args().stream()
                    .map(one -> Expansion.expand(one, environment))
                    .toList();
            PodProgram.Running running =
                    program.start(new Context(pod, arguments, Map.copyOf(environment), space, log, clock));
            Instant now = clock.instant();
            entries.put(
                    id,
                    new Entry(
                            pod.metadata().uid(),
                            program,
                            running,
                            new Instance(sandbox, status(id, ref, attempt, Container.State.RUNNING, now, null, log))));
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.warn("Program {} of pod {} does not start", name, pod.metadata().name(), e);
            throw new SyncException(SyncException.RUN, name + ": " + e.getMessage(), e);
        }
    }

    private static ContainerStatus status(
            String id,
            Ref ref,
            int attempt,
            Container.State state,
            Instant started,
            @Nullable Instant finished,
            Path log) {
        return new ContainerStatus(
                id,
                ref.name(),
                attempt,
                state,
                started,
                started,
                finished,
                0,
                finished == null ? "" : "Completed",
                "",
                ref.spec().image(),
                ref.spec().image(),
                Map.of(),
                Map.of(Labels.HASH, Labels.hash(ref.spec())),
                List.of(),
                log.toString(),
                null);
    }

    List<Instance> instances(String podUid) {
        return entries.values().stream()
                .filter(one -> one.podUid.equals(podUid))
                .map(one -> one.instance)
                .toList();
    }

    boolean ready(String id) {
        Entry entry = entries.get(id);
        return entry != null && entry.instance.running() && entry.running.ready();
    }

    /** Whether an instance ended because its bundle went, which is no crash. */
    boolean isOffered(Ref ref) {
        return offered.containsKey(Containers.program(ref.spec()));
    }

    void stop(String id) {
        Entry entry = entries.get(id);
        if (entry == null || !entry.instance.running()) {
            return;
        }
        entry.running.close();
        ContainerStatus was = entry.instance.status();
        entry.instance = new Instance(
                entry.instance.sandbox(),
                new ContainerStatus(
                        was.id(),
                        was.name(),
                        was.attempt(),
                        Container.State.EXITED,
                        was.createdAt(),
                        was.startedAt(),
                        clock.instant(),
                        0,
                        "Completed",
                        "",
                        was.image(),
                        was.imageRef(),
                        was.labels(),
                        was.annotations(),
                        was.mounts(),
                        was.logPath(),
                        was.resources()));
    }

    void remove(String id) {
        stop(id);
        entries.remove(id);
    }

    /** A pod's network: where sockets are opened, and its addresses. */
    record Space(@Nullable NetworkNamespace namespace, List<InetAddress> addresses) {
        <T> T in(Callable<T> code) throws IOException {
            try {
                return namespace == null ? code.call() : namespace.call(code);
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    /** What a program is told and may do. */
    private record Context(
            Pod pod,
            List<String> arguments,
            Map<String, String> environment,
            Space space,
            Path logFile,
            InstantSource clock)
            implements PodContext {
        @Override
        public String namespace() {
            return pod.metadata().namespace();
        }

        @Override
        public String name() {
            return pod.metadata().name();
        }

        @Override
        public List<InetAddress> addresses() {
            return space.addresses();
        }

        @Override
        public DatagramChannel udp(int port) throws IOException {
            return space.in(() -> {
                DatagramChannel channel = DatagramChannel.open();
                return bound(channel, () -> channel.bind(new InetSocketAddress(port)));
            });
        }

        @Override
        public ServerSocketChannel tcp(int port) throws IOException {
            return space.in(() -> {
                ServerSocketChannel channel = ServerSocketChannel.open();
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                return bound(channel, () -> channel.bind(new InetSocketAddress(port)));
            });
        }

        @Override
        public SocketChannel client() throws IOException {
            boolean v6 =
                    !space.addresses().isEmpty() && space.addresses().getFirst().getAddress().length == 16;
            return space.in(() -> SocketChannel.open(v6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET));
        }

        private static <T extends Channel> T bound(T channel, Callable<?> bind) throws Exception {
            try {
                bind.call();
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public void log(String line) {
            String text = clock.instant() + " stdout F " + line.replace("\n", " ") + "\n";
            try {
                Files.write(
                        logFile,
                        text.getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                LOG.warn("Cannot write {}: {}", logFile, e.getMessage());
            }
        }
    }
}
