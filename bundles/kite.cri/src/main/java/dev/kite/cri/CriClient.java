package dev.kite.cri;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.kite.cri.proto.ContainerdEvents;
import dev.kite.cri.proto.Cri;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** CRI over a unix socket. Deadlines are the kubelet's: 2 minutes, 4 for a sandbox, none for a pull. */
final class CriClient implements ContainerRuntime, AutoCloseable {
    private static final Duration CALL = Duration.ofMinutes(2);
    private static final Duration SANDBOX = CALL.multipliedBy(2);
    private static final Duration PROBE = Duration.ofSeconds(10);
    private static final String EVENTS = "containerd.services.events.v1.Events/Subscribe";
    private static final String KUBERNETES = "k8s.io";

    private final CriChannel channel;
    private final ObjectMapper json = new ObjectMapper();

    CriClient(Path socket) {
        channel = new CriChannel(socket);
    }

    private <Q extends MessageLite, A extends MessageLite> A runtime(
            String method, Q request, A answer, Duration limit) {
        return channel.call("runtime.v1.RuntimeService/" + method, request, answer, limit);
    }

    private <Q extends MessageLite, A extends MessageLite> A images(
            String method, Q request, A answer, Duration limit) {
        return channel.call("runtime.v1.ImageService/" + method, request, answer, limit);
    }

    /** Asks for the version with a short deadline, to learn whether the runtime answers. */
    String version() {
        return runtime(
                        "Version",
                        Cri.VersionRequest.getDefaultInstance(),
                        Cri.VersionResponse.getDefaultInstance(),
                        PROBE)
                .getRuntimeVersion();
    }

    @Override
    public RuntimeInfo info() {
        Cri.VersionResponse version = runtime(
                "Version", Cri.VersionRequest.getDefaultInstance(), Cri.VersionResponse.getDefaultInstance(), PROBE);
        Cri.StatusResponse status = runtime(
                "Status", Cri.StatusRequest.getDefaultInstance(), Cri.StatusResponse.getDefaultInstance(), PROBE);
        return new RuntimeInfo(
                version.getRuntimeName(),
                version.getRuntimeVersion(),
                status.getStatus().getConditionsList().stream()
                        .map(one -> new RuntimeInfo.Condition(
                                one.getType(), one.getStatus(), one.getReason(), one.getMessage()))
                        .toList());
    }

    @Override
    public void podCidr(String cidr) {
        runtime(
                "UpdateRuntimeConfig",
                Cri.UpdateRuntimeConfigRequest.newBuilder()
                        .setRuntimeConfig(Cri.RuntimeConfig.newBuilder()
                                .setNetworkConfig(Cri.NetworkConfig.newBuilder().setPodCidr(cidr)))
                        .build(),
                Cri.UpdateRuntimeConfigResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public String runSandbox(SandboxSpec spec, String handler) {
        return runtime(
                        "RunPodSandbox",
                        Cri.RunPodSandboxRequest.newBuilder()
                                .setConfig(Requests.sandbox(spec))
                                .setRuntimeHandler(handler)
                                .build(),
                        Cri.RunPodSandboxResponse.getDefaultInstance(),
                        SANDBOX)
                .getPodSandboxId();
    }

    @Override
    public void stopSandbox(String id) {
        runtime(
                "StopPodSandbox",
                Cri.StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build(),
                Cri.StopPodSandboxResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public void removeSandbox(String id) {
        runtime(
                "RemovePodSandbox",
                Cri.RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build(),
                Cri.RemovePodSandboxResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public Optional<Sandbox> sandbox(String id) {
        return found(() -> Answers.sandbox(sandboxStatus(id, false).getStatus()));
    }

    private Cri.PodSandboxStatusResponse sandboxStatus(String id, boolean verbose) {
        return runtime(
                "PodSandboxStatus",
                Cri.PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(id)
                        .setVerbose(verbose)
                        .build(),
                Cri.PodSandboxStatusResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public Optional<Path> networkNamespace(String id) {
        String info = sandboxStatus(id, true).getInfoOrDefault("info", "{}");
        try {
            JsonNode namespaces =
                    json.readTree(info).path("runtimeSpec").path("linux").path("namespaces");
            for (JsonNode namespace : namespaces) {
                String path = namespace.path("path").asText("");
                if (namespace.path("type").asText("").equals("network") && !path.isEmpty()) {
                    return Optional.of(Path.of(path));
                }
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new CriException(CriException.Code.OTHER, "the runtime's sandbox info is not JSON", e);
        }
    }

    @Override
    public List<Sandbox> sandboxes(Map<String, String> labels) {
        return runtime(
                        "ListPodSandbox",
                        Cri.ListPodSandboxRequest.newBuilder()
                                .setFilter(Cri.PodSandboxFilter.newBuilder().putAllLabelSelector(labels))
                                .build(),
                        Cri.ListPodSandboxResponse.getDefaultInstance(),
                        CALL)
                .getItemsList()
                .stream()
                .map(Answers::sandbox)
                .toList();
    }

    @Override
    public String createContainer(String sandbox, ContainerSpec spec, SandboxSpec sandboxSpec) {
        return runtime(
                        "CreateContainer",
                        Cri.CreateContainerRequest.newBuilder()
                                .setPodSandboxId(sandbox)
                                .setConfig(Requests.container(spec))
                                .setSandboxConfig(Requests.sandbox(sandboxSpec))
                                .build(),
                        Cri.CreateContainerResponse.getDefaultInstance(),
                        CALL)
                .getContainerId();
    }

    @Override
    public void startContainer(String id) {
        runtime(
                "StartContainer",
                Cri.StartContainerRequest.newBuilder().setContainerId(id).build(),
                Cri.StartContainerResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public void stopContainer(String id, Duration grace) {
        runtime(
                "StopContainer",
                Cri.StopContainerRequest.newBuilder()
                        .setContainerId(id)
                        .setTimeout(grace.toSeconds())
                        .build(),
                Cri.StopContainerResponse.getDefaultInstance(),
                CALL.plus(grace));
    }

    @Override
    public void removeContainer(String id) {
        runtime(
                "RemoveContainer",
                Cri.RemoveContainerRequest.newBuilder().setContainerId(id).build(),
                Cri.RemoveContainerResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public List<Container> containers(Map<String, String> labels) {
        return runtime(
                        "ListContainers",
                        Cri.ListContainersRequest.newBuilder()
                                .setFilter(Cri.ContainerFilter.newBuilder().putAllLabelSelector(labels))
                                .build(),
                        Cri.ListContainersResponse.getDefaultInstance(),
                        CALL)
                .getContainersList()
                .stream()
                .map(Answers::container)
                .toList();
    }

    @Override
    public Optional<ContainerStatus> container(String id) {
        return found(() -> Answers.container(runtime(
                        "ContainerStatus",
                        Cri.ContainerStatusRequest.newBuilder()
                                .setContainerId(id)
                                .build(),
                        Cri.ContainerStatusResponse.getDefaultInstance(),
                        CALL)
                .getStatus()));
    }

    @Override
    public void updateResources(String id, Resources resources) {
        runtime(
                "UpdateContainerResources",
                Cri.UpdateContainerResourcesRequest.newBuilder()
                        .setContainerId(id)
                        .setLinux(Requests.resources(resources))
                        .build(),
                Cri.UpdateContainerResourcesResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public void reopenLog(String id) {
        runtime(
                "ReopenContainerLog",
                Cri.ReopenContainerLogRequest.newBuilder().setContainerId(id).build(),
                Cri.ReopenContainerLogResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public ExecResult execSync(String id, List<String> command, Duration timeout) {
        Cri.ExecSyncResponse answer = runtime(
                "ExecSync",
                Cri.ExecSyncRequest.newBuilder()
                        .setContainerId(id)
                        .addAllCmd(command)
                        .setTimeout(timeout.toSeconds())
                        .build(),
                Cri.ExecSyncResponse.getDefaultInstance(),
                timeout.isZero() ? Duration.ZERO : CALL.plus(timeout));
        return new ExecResult(
                answer.getExitCode(),
                answer.getStdout().toByteArray(),
                answer.getStderr().toByteArray());
    }

    @Override
    public URI exec(String id, List<String> command, Streams streams) {
        return URI.create(runtime(
                        "Exec",
                        Cri.ExecRequest.newBuilder()
                                .setContainerId(id)
                                .addAllCmd(command)
                                .setTty(streams.tty())
                                .setStdin(streams.stdin())
                                .setStdout(streams.stdout())
                                .setStderr(streams.stderr())
                                .build(),
                        Cri.ExecResponse.getDefaultInstance(),
                        CALL)
                .getUrl());
    }

    @Override
    public URI attach(String id, Streams streams) {
        return URI.create(runtime(
                        "Attach",
                        Cri.AttachRequest.newBuilder()
                                .setContainerId(id)
                                .setTty(streams.tty())
                                .setStdin(streams.stdin())
                                .setStdout(streams.stdout())
                                .setStderr(streams.stderr())
                                .build(),
                        Cri.AttachResponse.getDefaultInstance(),
                        CALL)
                .getUrl());
    }

    @Override
    public URI portForward(String sandbox, List<Integer> ports) {
        return URI.create(runtime(
                        "PortForward",
                        Cri.PortForwardRequest.newBuilder()
                                .setPodSandboxId(sandbox)
                                .addAllPort(ports)
                                .build(),
                        Cri.PortForwardResponse.getDefaultInstance(),
                        CALL)
                .getUrl());
    }

    @Override
    public List<ContainerStats> stats(Map<String, String> labels) {
        return runtime(
                        "ListContainerStats",
                        Cri.ListContainerStatsRequest.newBuilder()
                                .setFilter(Cri.ContainerStatsFilter.newBuilder().putAllLabelSelector(labels))
                                .build(),
                        Cri.ListContainerStatsResponse.getDefaultInstance(),
                        CALL)
                .getStatsList()
                .stream()
                .map(Answers::stats)
                .toList();
    }

    @Override
    public List<ContainerImage> images() {
        return images(
                        "ListImages",
                        Cri.ListImagesRequest.getDefaultInstance(),
                        Cri.ListImagesResponse.getDefaultInstance(),
                        CALL)
                .getImagesList()
                .stream()
                .map(Answers::image)
                .toList();
    }

    @Override
    public Optional<ContainerImage> image(String reference) {
        Cri.ImageStatusResponse answer = images(
                "ImageStatus",
                Cri.ImageStatusRequest.newBuilder().setImage(spec(reference)).build(),
                Cri.ImageStatusResponse.getDefaultInstance(),
                CALL);
        return answer.hasImage() ? Optional.of(Answers.image(answer.getImage())) : Optional.empty();
    }

    @Override
    public String pull(String reference, @Nullable RegistryAuth auth, @Nullable SandboxSpec sandbox) {
        Cri.PullImageRequest.Builder request =
                Cri.PullImageRequest.newBuilder().setImage(spec(reference)).setAuth(Requests.auth(auth));
        if (sandbox != null) {
            request.setSandboxConfig(Requests.sandbox(sandbox));
        }
        return images("PullImage", request.build(), Cri.PullImageResponse.getDefaultInstance(), Duration.ZERO)
                .getImageRef();
    }

    @Override
    public void removeImage(String reference) {
        images(
                "RemoveImage",
                Cri.RemoveImageRequest.newBuilder().setImage(spec(reference)).build(),
                Cri.RemoveImageResponse.getDefaultInstance(),
                CALL);
    }

    @Override
    public List<ImageFileSystem> imageFileSystems() {
        return images(
                        "ImageFsInfo",
                        Cri.ImageFsInfoRequest.getDefaultInstance(),
                        Cri.ImageFsInfoResponse.getDefaultInstance(),
                        CALL)
                .getImageFilesystemsList()
                .stream()
                .map(one -> new ImageFileSystem(
                        one.getFsId().getMountpoint(),
                        one.getUsedBytes().getValue(),
                        one.getInodesUsed().getValue()))
                .toList();
    }

    /** containerd's own events first, which all its versions have; CRI's (containerd 1.7, CRI-O) where the runtime isn't containerd. */
    @Override
    public void events(Consumer<String> changed) {
        try {
            containerdEvents(changed);
        } catch (StatusRuntimeException e) {
            CriException failure = channel.failure(EVENTS, e);
            if (failure.code() != CriException.Code.UNIMPLEMENTED) {
                throw failure;
            }
            criEvents(changed);
        }
    }

    private void containerdEvents(Consumer<String> changed) {
        Iterator<ContainerdEvents.Envelope> events = channel.stream(
                EVENTS,
                ContainerdEvents.SubscribeRequest.newBuilder()
                        .addFilters("namespace==" + KUBERNETES + ",topic~=\"^/tasks/(start|exit|oom|delete)$\"")
                        .build(),
                ContainerdEvents.Envelope.getDefaultInstance());
        while (events.hasNext()) {
            try {
                changed.accept(ContainerdEvents.TaskEvent.parseFrom(
                                events.next().getEvent().getValue())
                        .getContainerId());
            } catch (InvalidProtocolBufferException e) {
                throw new CriException(CriException.Code.OTHER, "an event of containerd can't be read", e);
            }
        }
    }

    private void criEvents(Consumer<String> changed) {
        String path = "runtime.v1.RuntimeService/GetContainerEvents";
        try {
            Iterator<Cri.ContainerEventResponse> events = channel.stream(
                    path, Cri.GetEventsRequest.getDefaultInstance(), Cri.ContainerEventResponse.getDefaultInstance());
            while (events.hasNext()) {
                changed.accept(events.next().getContainerId());
            }
        } catch (StatusRuntimeException e) {
            throw channel.failure(path, e);
        }
    }

    private static Cri.ImageSpec spec(String reference) {
        return Cri.ImageSpec.newBuilder().setImage(reference).build();
    }

    /** Reads one thing. */
    private interface Reader<T> {
        T read();
    }

    private static <T> Optional<T> found(Reader<T> reader) {
        try {
            return Optional.of(reader.read());
        } catch (CriException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
