package dev.kite.node.pod;

import dev.kite.cri.ContainerImage;
import dev.kite.cri.Security;
import dev.kite.model.core.v1.AppArmorProfile;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodSecurityContext;
import dev.kite.model.core.v1.SELinuxOptions;
import dev.kite.model.core.v1.SeccompProfile;
import dev.kite.model.core.v1.SecurityContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Security contexts of the API as the runtime takes them: a container's own words count before its pod's. Pure. */
final class SecurityMapping {
    /** What of /proc and /sys containers don't see, unless procMount is Unmasked. */
    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final Path seccompFolder;
    private final boolean confined;

    /**
     * @param seccompFolder where Localhost profiles are
     * @param confined whether containers that ask for no profile get the runtime's
     */
    SecurityMapping(Path seccompFolder, boolean confined) {
        this.seccompFolder = seccompFolder;
        this.confined = confined;
    }

    Security sandbox(Pod pod) {
        PodSecurityContext context = pod.spec().securityContext();
        boolean privileged = Containers.all(pod).stream()
                .anyMatch(one -> one.spec().securityContext().privileged());
        return new Security(
                privileged,
                context.hasRunAsUser() ? (Long) context.runAsUser() : null,
                "",
                context.hasRunAsUser() && context.hasRunAsGroup() ? (Long) context.runAsGroup() : null,
                groups(context),
                context.supplementalGroupsPolicy().equals("Strict"),
                false,
                false,
                List.of(),
                List.of(),
                context.hasSeLinuxOptions() ? seLinux(context.seLinuxOptions()) : null,
                new Security.Profile(Security.Profile.Kind.RUNTIME_DEFAULT, ""),
                null,
                List.of(),
                List.of());
    }

    Security container(Pod pod, Container container, @Nullable ContainerImage image) throws SyncException {
        PodSecurityContext all = pod.spec().securityContext();
        SecurityContext own = container.securityContext();
        Long user = own.hasRunAsUser()
                ? (Long) own.runAsUser()
                : all.hasRunAsUser() ? (Long) all.runAsUser() : image == null ? null : image.uid();
        Long group =
                own.hasRunAsGroup() ? (Long) own.runAsGroup() : all.hasRunAsGroup() ? (Long) all.runAsGroup() : null;
        String userName = user == null && image != null ? image.userName() : "";
        boolean nonRoot = own.hasRunAsNonRoot() ? own.runAsNonRoot() : all.runAsNonRoot();
        if (nonRoot) {
            checkNonRoot(user, userName);
        }
        boolean privileged = own.privileged();
        boolean masked = !privileged && !own.procMount().equals("Unmasked");
        SeccompProfile seccomp =
                own.hasSeccompProfile() ? own.seccompProfile() : all.hasSeccompProfile() ? all.seccompProfile() : null;
        AppArmorProfile appArmor = own.hasAppArmorProfile()
                ? own.appArmorProfile()
                : all.hasAppArmorProfile() ? all.appArmorProfile() : null;
        SELinuxOptions seLinux =
                own.hasSeLinuxOptions() ? own.seLinuxOptions() : all.hasSeLinuxOptions() ? all.seLinuxOptions() : null;
        return new Security(
                privileged,
                user,
                userName,
                group,
                groups(all),
                all.supplementalGroupsPolicy().equals("Strict"),
                own.readOnlyRootFilesystem(),
                own.hasAllowPrivilegeEscalation() && !own.allowPrivilegeEscalation(),
                own.capabilities().add(),
                own.capabilities().drop(),
                seLinux == null ? null : seLinux(seLinux),
                seccomp == null
                        ? confined && !privileged
                                ? new Security.Profile(Security.Profile.Kind.RUNTIME_DEFAULT, "")
                                : null
                        : profile(
                                seccomp.type(),
                                seccompFolder
                                        .resolve(seccomp.localhostProfile())
                                        .toString()),
                appArmor == null ? null : profile(appArmor.type(), appArmor.localhostProfile()),
                masked ? MASKED : List.of(),
                masked ? READ_ONLY : List.of());
    }

    private static void checkNonRoot(@Nullable Long user, String userName) throws SyncException {
        if (user != null && user == 0) {
            throw new SyncException(
                    SyncException.CONFIG, "container's runAsUser breaks non-root policy, or its image runs as root");
        }
        if (user == null && !userName.isEmpty()) {
            throw new SyncException(
                    SyncException.CONFIG,
                    "container has runAsNonRoot and image has non-numeric user (" + userName
                            + "), cannot verify user is non-root");
        }
        if (user == null) {
            throw new SyncException(SyncException.CONFIG, "container has runAsNonRoot and image will run as root");
        }
    }

    private static List<Long> groups(PodSecurityContext context) {
        List<Long> groups = new ArrayList<>(context.supplementalGroups());
        if (context.hasFsGroup()) {
            groups.add(context.fsGroup());
        }
        return groups;
    }

    private static Security.SeLinux seLinux(SELinuxOptions options) {
        return new Security.SeLinux(options.user(), options.role(), options.type(), options.level());
    }

    private static Security.Profile profile(String type, String localhost) {
        return switch (type) {
            case "RuntimeDefault" -> new Security.Profile(Security.Profile.Kind.RUNTIME_DEFAULT, "");
            case "Localhost" -> new Security.Profile(Security.Profile.Kind.LOCALHOST, localhost);
            default -> new Security.Profile(Security.Profile.Kind.UNCONFINED, "");
        };
    }
}
