package dev.kite.cri;

import dev.kite.cri.proto.Cri;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CRI's messages as our records. */
final class Answers {
    private static final long NANOS = 1_000_000_000L;

    private Answers() {}

    static Sandbox sandbox(Cri.PodSandbox from) {
        return new Sandbox(
                from.getId(),
                pod(from.getMetadata()),
                from.getState() == Cri.PodSandboxState.SANDBOX_READY,
                time(from.getCreatedAt()),
                List.of(),
                false,
                from.getLabelsMap(),
                from.getAnnotationsMap());
    }

    static Sandbox sandbox(Cri.PodSandboxStatus from) {
        List<String> addresses = new ArrayList<>();
        if (!from.getNetwork().getIp().isEmpty()) {
            addresses.add(from.getNetwork().getIp());
        }
        for (Cri.PodIP address : from.getNetwork().getAdditionalIpsList()) {
            addresses.add(address.getIp());
        }
        return new Sandbox(
                from.getId(),
                pod(from.getMetadata()),
                from.getState() == Cri.PodSandboxState.SANDBOX_READY,
                time(from.getCreatedAt()),
                addresses,
                from.getLinux().getNamespaces().getOptions().getNetwork() == Cri.NamespaceMode.NODE,
                from.getLabelsMap(),
                from.getAnnotationsMap());
    }

    private static PodIdentity pod(Cri.PodSandboxMetadata from) {
        return new PodIdentity(from.getName(), from.getNamespace(), from.getUid(), from.getAttempt());
    }

    static Container container(Cri.Container from) {
        return new Container(
                from.getId(),
                from.getPodSandboxId(),
                from.getMetadata().getName(),
                from.getMetadata().getAttempt(),
                from.getImage().getImage(),
                from.getImageRef(),
                state(from.getState()),
                time(from.getCreatedAt()),
                from.getLabelsMap(),
                from.getAnnotationsMap());
    }

    static ContainerStatus container(Cri.ContainerStatus from) {
        List<ContainerSpec.Mount> mounts = new ArrayList<>();
        for (Cri.Mount mount : from.getMountsList()) {
            mounts.add(new ContainerSpec.Mount(
                    mount.getContainerPath(),
                    mount.getHostPath(),
                    mount.getReadonly(),
                    mount.getRecursiveReadOnly(),
                    mount.getSelinuxRelabel(),
                    switch (mount.getPropagation()) {
                        case PROPAGATION_HOST_TO_CONTAINER -> ContainerSpec.Propagation.HOST_TO_CONTAINER;
                        case PROPAGATION_BIDIRECTIONAL -> ContainerSpec.Propagation.BIDIRECTIONAL;
                        case PROPAGATION_PRIVATE, UNRECOGNIZED -> ContainerSpec.Propagation.PRIVATE;
                    }));
        }
        return new ContainerStatus(
                from.getId(),
                from.getMetadata().getName(),
                from.getMetadata().getAttempt(),
                state(from.getState()),
                time(from.getCreatedAt()),
                from.getStartedAt() == 0 ? null : time(from.getStartedAt()),
                from.getFinishedAt() == 0 ? null : time(from.getFinishedAt()),
                from.getExitCode(),
                from.getReason(),
                from.getMessage(),
                from.getImage().getImage(),
                from.getImageRef(),
                from.getLabelsMap(),
                from.getAnnotationsMap(),
                mounts,
                from.getLogPath(),
                from.hasResources() ? resources(from.getResources().getLinux()) : null);
    }

    private static Resources resources(Cri.LinuxContainerResources from) {
        Map<String, Long> hugePages = new HashMap<>();
        for (Cri.HugepageLimit limit : from.getHugepageLimitsList()) {
            hugePages.put(limit.getPageSize(), limit.getLimit());
        }
        return new Resources(
                from.getCpuPeriod(),
                from.getCpuQuota(),
                from.getCpuShares(),
                from.getMemoryLimitInBytes(),
                from.getOomScoreAdj(),
                from.getCpusetCpus(),
                from.getCpusetMems(),
                hugePages,
                from.getUnifiedMap());
    }

    static ContainerStats stats(Cri.ContainerStats from) {
        return new ContainerStats(
                from.getAttributes().getId(),
                from.getAttributes().getMetadata().getName(),
                from.getAttributes().getLabelsMap(),
                time(from.getCpu().getTimestamp()),
                number(from.getCpu().hasUsageCoreNanoSeconds(), from.getCpu().getUsageCoreNanoSeconds()),
                number(from.getMemory().hasWorkingSetBytes(), from.getMemory().getWorkingSetBytes()),
                number(from.getMemory().hasUsageBytes(), from.getMemory().getUsageBytes()),
                number(from.getMemory().hasRssBytes(), from.getMemory().getRssBytes()),
                number(from.getMemory().hasPageFaults(), from.getMemory().getPageFaults()),
                number(from.getMemory().hasMajorPageFaults(), from.getMemory().getMajorPageFaults()),
                number(
                        from.getWritableLayer().hasUsedBytes(),
                        from.getWritableLayer().getUsedBytes()),
                number(
                        from.getWritableLayer().hasInodesUsed(),
                        from.getWritableLayer().getInodesUsed()));
    }

    static ContainerImage image(Cri.Image from) {
        @Nullable Long uid = from.hasUid() ? from.getUid().getValue() : null;
        return new ContainerImage(
                from.getId(),
                from.getRepoTagsList(),
                from.getRepoDigestsList(),
                from.getSize(),
                uid,
                from.getUsername(),
                from.getPinned());
    }

    private static long number(boolean there, Cri.UInt64Value value) {
        return there ? value.getValue() : -1;
    }

    private static Container.State state(Cri.ContainerState state) {
        return switch (state) {
            case CONTAINER_CREATED -> Container.State.CREATED;
            case CONTAINER_RUNNING -> Container.State.RUNNING;
            case CONTAINER_EXITED -> Container.State.EXITED;
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> Container.State.UNKNOWN;
        };
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
