package dev.kite.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.cli.image.BusyboxImage;
import dev.kite.cli.image.ImageArchive;
import dev.kite.linux.NetworkNamespace;
import dev.kite.linux.RouteNetlink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The real containerd through a sandbox's and containers' whole life. A program of its own, to be started inside a network namespace; prints what it saw. */
final class RuntimeTrial {
    private static final Map<String, String> LABELS = Map.of("io.kubernetes.pod.uid", "uid-1");

    private RuntimeTrial() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        Files.createDirectories(data.resolve("agent/images"));
        BusyboxImage.write(data.resolve("agent/images/busybox.tar"), BusyboxImage.NAME);
        ImageArchive.write(
                data.resolve("agent/images/pause.tar"),
                new ImageArchive.Image(
                        "kite.dev/pause:1",
                        "amd64",
                        "{\"Entrypoint\":[\"/busybox\",\"sleep\",\"1000000\"]}",
                        List.of(new ImageArchive.Entry.File(
                                "busybox", Files.readAllBytes(Path.of("/bin/busybox")), 0755))));
        RuntimeStarter starter = new RuntimeStarter(Settings.of(Map.of("data_dir", data.toString())), null);
        String running;
        String sandbox;
        try {
            long began = System.nanoTime();
            CriClient runtime = starter.start();
            say("started", began);
            assertThat(runtime.info().is("RuntimeReady")).isTrue();
            assertThat(runtime.info().name()).isEqualTo("containerd");
            cni(data);
            for (int i = 0; i < 100 && !runtime.info().is("NetworkReady"); i++) {
                Thread.sleep(100);
            }
            assertThat(runtime.info().is("NetworkReady")).isTrue();
            BlockingQueue<String> changes = new LinkedBlockingQueue<>();
            Thread.ofVirtual().start(() -> runtime.events(changes::add));
            Thread.sleep(200);
            SandboxSpec spec = sandbox(data);
            began = System.nanoTime();
            sandbox = runtime.runSandbox(spec, "");
            say("sandbox", began);
            Sandbox status = runtime.sandbox(sandbox).orElseThrow();
            assertThat(status.ready()).isTrue();
            assertThat(status.addresses()).hasSize(1).allMatch(address -> address.startsWith("10.42.7."));
            assertThat(runtime.sandboxes(LABELS)).hasSize(1);
            assertThat(runtime.sandboxes(Map.of("absent", "x"))).isEmpty();
            Path namespace = runtime.networkNamespace(sandbox).orElseThrow();
            assertThat(NetworkNamespace.at(namespace).call(() -> {
                        try (RouteNetlink netlink = RouteNetlink.open()) {
                            return netlink.link("eth0").isPresent();
                        }
                    }))
                    .isTrue();
            assertThat(changes.poll(5, TimeUnit.SECONDS)).isEqualTo(sandbox);

            images(runtime);
            running = container(runtime, sandbox, spec, "main", "echo out; echo err >&2; exec sleep 1000");
            ExecResult exec = runtime.execSync(
                    running, List.of("sh", "-c", "cat /proc/self/cgroup; exit 3"), Duration.ofSeconds(5));
            assertThat(exec.exitCode()).isEqualTo(3);
            assertThat(new String(exec.stdout(), StandardCharsets.UTF_8)).contains("/kite-cri-trial/pod1/" + running);
            assertThatThrownBy(() -> runtime.execSync(running, List.of("sleep", "30"), Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(
                            CriException.class,
                            e -> assertThat(e.code()).isEqualTo(CriException.Code.DEADLINE_EXCEEDED));
            assertThat(runtime.exec(running, List.of("sh"), new Streams(true, true, true, false))
                            .getHost())
                    .isEqualTo("127.0.0.1");
            assertThat(runtime.stats(LABELS)).anyMatch(one -> one.id().equals(running) && one.workingSetBytes() > 0);
            assertThat(data.resolve("logs/main/0.log"))
                    .content()
                    .contains("stdout F out")
                    .contains("stderr F err");

            importWhileRunning(runtime, data);
            changes.clear();
            String failing = container(runtime, sandbox, spec, "failing", "exit 7");
            while (runtime.container(failing).orElseThrow().state() != Container.State.EXITED) {
                Thread.sleep(5);
            }
            ContainerStatus ended = runtime.container(failing).orElseThrow();
            assertThat(ended.exitCode()).isEqualTo(7);
            assertThat(ended.reason()).isEqualTo("Error");
            assertThat(ended.finishedAt()).isNotNull();
            assertThat(changes).contains(failing);
            runtime.removeContainer(failing);
            assertThat(runtime.container(failing)).isEmpty();
        } finally {
            starter.close();
        }
        // A second start adopts what the first left running.
        RuntimeStarter again = new RuntimeStarter(Settings.of(Map.of("data_dir", data.toString())), null);
        try {
            long began = System.nanoTime();
            CriClient runtime = again.start();
            say("second start", began);
            assertThat(runtime.container(running).orElseThrow().state()).isEqualTo(Container.State.RUNNING);
            assertThat(runtime.execSync(running, List.of("true"), Duration.ofSeconds(5))
                            .exitCode())
                    .isZero();
            kill(data);
            boolean back = false;
            for (int i = 0; i < 200 && !back; i++) {
                Thread.sleep(50);
                try {
                    runtime.version();
                    back = true;
                } catch (CriException e) {
                    assertThat(e.code()).isEqualTo(CriException.Code.UNAVAILABLE);
                }
            }
            assertThat(back)
                    .as("containerd is started again after it was killed")
                    .isTrue();
            assertThat(runtime.container(running).orElseThrow().state()).isEqualTo(Container.State.RUNNING);
            began = System.nanoTime();
            runtime.stopContainer(running, Duration.ofSeconds(1));
            say("stop after a grace of 1 s", began);
            runtime.stopSandbox(sandbox);
            runtime.removeSandbox(sandbox);
            runtime.removeSandbox(sandbox);
            assertThat(runtime.sandbox(sandbox)).isEmpty();
        } finally {
            again.close();
        }
        System.out.println("trial passed");
    }

    private static void importWhileRunning(CriClient runtime, Path data) throws Exception {
        BusyboxImage.write(data.resolve("agent/late.tar"), "example.test/late:1");
        Files.move(data.resolve("agent/late.tar"), data.resolve("agent/images/late.tar"));
        for (int i = 0; i < 100 && runtime.image("example.test/late:1").isEmpty(); i++) {
            Thread.sleep(100);
        }
        assertThat(runtime.image("example.test/late:1")).isPresent();
    }

    private static void kill(Path data) throws Exception {
        Path pid = ContainerdLayout.of(data).pidFile();
        Thread.sleep(200);
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .orElseThrow()
                .destroyForcibly();
        Thread.sleep(100);
    }

    private static void images(CriClient runtime) {
        assertThat(runtime.image("busybox:1.36").orElseThrow().tags()).contains(BusyboxImage.NAME);
        assertThat(runtime.image("absent:1")).isEmpty();
        assertThat(runtime.images()).hasSizeGreaterThanOrEqualTo(2);
        assertThatThrownBy(() -> runtime.pull("127.0.0.1:1/absent:1", null, null))
                .isInstanceOf(CriException.class);
        assertThat(runtime.imageFileSystems()).isNotEmpty();
    }

    private static String container(CriClient runtime, String sandbox, SandboxSpec spec, String name, String script) {
        long began = System.nanoTime();
        LinkedHashMap<String, String> environment = new LinkedHashMap<>();
        environment.put("GREETING", "hello");
        String id = runtime.createContainer(
                sandbox,
                new ContainerSpec(
                        name,
                        0,
                        BusyboxImage.NAME,
                        "busybox:1.36",
                        List.of("sh", "-c"),
                        List.of(script),
                        "",
                        environment,
                        List.of(),
                        List.of(),
                        Map.of("io.kubernetes.pod.uid", "uid-1", "io.kubernetes.container.name", name),
                        Map.of(),
                        name + "/0.log",
                        false,
                        false,
                        false,
                        new Resources(100_000, 0, 100, 64 << 20, 1000, "", "", Map.of(), Map.of()),
                        Security.NONE,
                        new Namespaces(Namespaces.Mode.POD, Namespaces.Mode.CONTAINER, Namespaces.Mode.POD, "")),
                spec);
        runtime.startContainer(id);
        say("container " + name, began);
        return id;
    }

    private static SandboxSpec sandbox(Path data) throws Exception {
        Files.createDirectories(data.resolve("logs/main"));
        Files.createDirectories(data.resolve("logs/failing"));
        return new SandboxSpec(
                new PodIdentity("trial", "default", "uid-1", 0),
                "trial",
                data.resolve("logs").toString(),
                new SandboxSpec.Dns(List.of("10.43.0.10"), List.of("default.svc.cluster.local"), List.of("ndots:5")),
                List.of(),
                LABELS,
                Map.of(),
                "/kite-cri-trial/pod1",
                new Namespaces(Namespaces.Mode.POD, Namespaces.Mode.CONTAINER, Namespaces.Mode.POD, ""),
                Security.NONE,
                Map.of(),
                Resources.NONE);
    }

    private static void cni(Path data) throws Exception {
        Files.writeString(
                data.resolve("agent/etc/cni/net.d/10-trial.conflist"), """
                {"cniVersion":"0.4.0","name":"trial","plugins":[
                 {"type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":false,"hairpinMode":true,
                  "ipam":{"type":"host-local","ranges":[[{"subnet":"10.42.7.0/24"}]],"dataDir":"%s"}}]}
                """.formatted(data.resolve("cni-leases")));
    }

    private static void say(String what, long began) {
        System.out.printf("%s: %d ms%n", what, (System.nanoTime() - began) / 1_000_000);
    }
}
