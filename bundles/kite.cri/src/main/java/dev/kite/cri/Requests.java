package dev.kite.cri;

import com.google.protobuf.ByteString;
import dev.kite.cri.proto.Cri;
import org.jspecify.annotations.Nullable;

/** Our records as CRI's messages. */
final class Requests {
    private Requests() {}

    static Cri.PodSandboxConfig sandbox(SandboxSpec spec) {
        Cri.PodSandboxConfig.Builder config = Cri.PodSandboxConfig.newBuilder()
                .setMetadata(Cri.PodSandboxMetadata.newBuilder()
                        .setName(spec.pod().name())
                        .setNamespace(spec.pod().namespace())
                        .setUid(spec.pod().uid())
                        .setAttempt(spec.pod().attempt()))
                .setHostname(spec.hostname())
                .setLogDirectory(spec.logDirectory())
                .setDnsConfig(Cri.DNSConfig.newBuilder()
                        .addAllServers(spec.dns().servers())
                        .addAllSearches(spec.dns().searches())
                        .addAllOptions(spec.dns().options()))
                .putAllLabels(spec.labels())
                .putAllAnnotations(spec.annotations())
                .setLinux(Cri.LinuxPodSandboxConfig.newBuilder()
                        .setCgroupParent(spec.cgroupParent())
                        .setSecurityContext(sandboxSecurity(spec))
                        .putAllSysctls(spec.sysctls())
                        .setResources(resources(spec.resources())));
        for (SandboxSpec.Port port : spec.ports()) {
            config.addPortMappings(Cri.PortMapping.newBuilder()
                    .setProtocol(protocol(port.protocol()))
                    .setContainerPort(port.containerPort())
                    .setHostPort(port.hostPort())
                    .setHostIp(port.hostIp()));
        }
        return config.build();
    }

    private static Cri.Protocol protocol(String name) {
        return switch (name) {
            case "UDP" -> Cri.Protocol.UDP;
            case "SCTP" -> Cri.Protocol.SCTP;
            default -> Cri.Protocol.TCP;
        };
    }

    private static Cri.LinuxSandboxSecurityContext sandboxSecurity(SandboxSpec spec) {
        Security security = spec.security();
        Cri.LinuxSandboxSecurityContext.Builder context = Cri.LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(spec.namespaces()))
                .setReadonlyRootfs(security.readOnlyRoot())
                .addAllSupplementalGroups(security.supplementalGroups())
                .setPrivileged(security.privileged());
        if (security.runAsUser() != null) {
            context.setRunAsUser(number(security.runAsUser()));
        }
        if (security.runAsGroup() != null) {
            context.setRunAsGroup(number(security.runAsGroup()));
        }
        if (security.seLinux() != null) {
            context.setSelinuxOptions(seLinux(security.seLinux()));
        }
        if (security.seccomp() != null) {
            context.setSeccomp(profile(security.seccomp()));
        }
        return context.build();
    }

    static Cri.ContainerConfig container(ContainerSpec spec) {
        Cri.ContainerConfig.Builder config = Cri.ContainerConfig.newBuilder()
                .setMetadata(
                        Cri.ContainerMetadata.newBuilder().setName(spec.name()).setAttempt(spec.attempt()))
                .setImage(Cri.ImageSpec.newBuilder().setImage(spec.image()).setUserSpecifiedImage(spec.userImage()))
                .addAllCommand(spec.command())
                .addAllArgs(spec.arguments())
                .setWorkingDir(spec.workingDirectory())
                .putAllLabels(spec.labels())
                .putAllAnnotations(spec.annotations())
                .setLogPath(spec.logPath())
                .setStdin(spec.stdin())
                .setStdinOnce(spec.stdinOnce())
                .setTty(spec.tty())
                .setLinux(Cri.LinuxContainerConfig.newBuilder()
                        .setResources(resources(spec.resources()))
                        .setSecurityContext(containerSecurity(spec)));
        spec.environment()
                .forEach((name, value) -> config.addEnvs(
                        Cri.KeyValue.newBuilder().setKey(name).setValue(ByteString.copyFromUtf8(value))));
        for (ContainerSpec.Mount mount : spec.mounts()) {
            config.addMounts(Cri.Mount.newBuilder()
                    .setContainerPath(mount.containerPath())
                    .setHostPath(mount.hostPath())
                    .setReadonly(mount.readOnly())
                    .setRecursiveReadOnly(mount.recursiveReadOnly())
                    .setSelinuxRelabel(mount.relabel())
                    .setPropagation(
                            switch (mount.propagation()) {
                                case PRIVATE -> Cri.MountPropagation.PROPAGATION_PRIVATE;
                                case HOST_TO_CONTAINER -> Cri.MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
                                case BIDIRECTIONAL -> Cri.MountPropagation.PROPAGATION_BIDIRECTIONAL;
                            }));
        }
        for (ContainerSpec.Device device : spec.devices()) {
            config.addDevices(Cri.Device.newBuilder()
                    .setContainerPath(device.containerPath())
                    .setHostPath(device.hostPath())
                    .setPermissions(device.permissions()));
        }
        return config.build();
    }

    private static Cri.LinuxContainerSecurityContext containerSecurity(ContainerSpec spec) {
        Security security = spec.security();
        Cri.LinuxContainerSecurityContext.Builder context = Cri.LinuxContainerSecurityContext.newBuilder()
                .setCapabilities(Cri.Capability.newBuilder()
                        .addAllAddCapabilities(security.addCapabilities())
                        .addAllDropCapabilities(security.dropCapabilities()))
                .setPrivileged(security.privileged())
                .setNamespaceOptions(namespaces(spec.namespaces()))
                .setRunAsUsername(security.runAsUserName())
                .setReadonlyRootfs(security.readOnlyRoot())
                .addAllSupplementalGroups(security.supplementalGroups())
                .setSupplementalGroupsPolicy(
                        security.strictGroups()
                                ? Cri.SupplementalGroupsPolicy.Strict
                                : Cri.SupplementalGroupsPolicy.Merge)
                .setNoNewPrivs(security.noNewPrivileges())
                .addAllMaskedPaths(security.maskedPaths())
                .addAllReadonlyPaths(security.readOnlyPaths());
        if (security.runAsUser() != null) {
            context.setRunAsUser(number(security.runAsUser()));
        }
        if (security.runAsGroup() != null) {
            context.setRunAsGroup(number(security.runAsGroup()));
        }
        if (security.seLinux() != null) {
            context.setSelinuxOptions(seLinux(security.seLinux()));
        }
        if (security.seccomp() != null) {
            context.setSeccomp(profile(security.seccomp()));
        }
        if (security.appArmor() != null) {
            context.setApparmor(profile(security.appArmor()));
        }
        return context.build();
    }

    static Cri.LinuxContainerResources resources(Resources resources) {
        Cri.LinuxContainerResources.Builder builder = Cri.LinuxContainerResources.newBuilder()
                .setCpuPeriod(resources.cpuPeriod())
                .setCpuQuota(resources.cpuQuota())
                .setCpuShares(resources.cpuShares())
                .setMemoryLimitInBytes(resources.memoryLimit())
                .setOomScoreAdj(resources.oomScoreAdj())
                .setCpusetCpus(resources.cpusetCpus())
                .setCpusetMems(resources.cpusetMems())
                .putAllUnified(resources.unified());
        resources
                .hugePages()
                .forEach((size, limit) -> builder.addHugepageLimits(
                        Cri.HugepageLimit.newBuilder().setPageSize(size).setLimit(limit)));
        return builder.build();
    }

    static Cri.AuthConfig auth(@Nullable RegistryAuth auth) {
        if (auth == null) {
            return Cri.AuthConfig.getDefaultInstance();
        }
        return Cri.AuthConfig.newBuilder()
                .setUsername(auth.userName())
                .setPassword(auth.password())
                .setAuth(auth.auth())
                .setServerAddress(auth.serverAddress())
                .setIdentityToken(auth.identityToken())
                .setRegistryToken(auth.registryToken())
                .build();
    }

    private static Cri.NamespaceOption namespaces(Namespaces namespaces) {
        return Cri.NamespaceOption.newBuilder()
                .setNetwork(mode(namespaces.network()))
                .setPid(mode(namespaces.pid()))
                .setIpc(mode(namespaces.ipc()))
                .setTargetId(namespaces.target())
                .build();
    }

    private static Cri.NamespaceMode mode(Namespaces.Mode mode) {
        return switch (mode) {
            case POD -> Cri.NamespaceMode.POD;
            case CONTAINER -> Cri.NamespaceMode.CONTAINER;
            case NODE -> Cri.NamespaceMode.NODE;
            case TARGET -> Cri.NamespaceMode.TARGET;
        };
    }

    private static Cri.SELinuxOption seLinux(Security.SeLinux options) {
        return Cri.SELinuxOption.newBuilder()
                .setUser(options.user())
                .setRole(options.role())
                .setType(options.type())
                .setLevel(options.level())
                .build();
    }

    private static Cri.SecurityProfile profile(Security.Profile profile) {
        return Cri.SecurityProfile.newBuilder()
                .setProfileType(
                        switch (profile.kind()) {
                            case RUNTIME_DEFAULT -> Cri.SecurityProfile.ProfileType.RuntimeDefault;
                            case UNCONFINED -> Cri.SecurityProfile.ProfileType.Unconfined;
                            case LOCALHOST -> Cri.SecurityProfile.ProfileType.Localhost;
                        })
                .setLocalhostRef(profile.localhost())
                .build();
    }

    private static Cri.Int64Value number(long value) {
        return Cri.Int64Value.newBuilder().setValue(value).build();
    }
}
