package dev.kite.cri;

import java.util.List;
import java.util.Map;

/**
 * A container as wanted.
 *
 * @param name its name in the pod
 * @param attempt how many of that name there were before
 * @param image the image's id, as the pull gave it
 * @param userImage the image as the user wrote it
 * @param command instead of the image's entry point; empty for that
 * @param arguments instead of the image's arguments; empty for those where the command is empty too
 * @param workingDirectory empty for the image's
 * @param environment variables in order
 * @param mounts what is seen where
 * @param devices devices of the node
 * @param labels found by
 * @param annotations kept
 * @param logPath below the sandbox's log folder
 * @param stdin whether there is a standard input to attach to
 * @param stdinOnce whether it closes when the first client goes
 * @param tty whether there is a terminal
 * @param resources limits
 * @param security what it runs as
 * @param namespaces which are shared
 */
public record ContainerSpec(
        String name,
        int attempt,
        String image,
        String userImage,
        List<String> command,
        List<String> arguments,
        String workingDirectory,
        Map<String, String> environment,
        List<Mount> mounts,
        List<Device> devices,
        Map<String, String> labels,
        Map<String, String> annotations,
        String logPath,
        boolean stdin,
        boolean stdinOnce,
        boolean tty,
        Resources resources,
        Security security,
        Namespaces namespaces) {
    /** Copies the collections but for the environment, whose order counts. */
    public ContainerSpec {
        command = List.copyOf(command);
        arguments = List.copyOf(arguments);
        mounts = List.copyOf(mounts);
        devices = List.copyOf(devices);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /**
     * A file or folder of the node in the container.
     *
     * @param containerPath where it is seen
     * @param hostPath what
     * @param readOnly whether it can't be written
     * @param recursiveReadOnly whether mounts below can't be written either
     * @param relabel whether SELinux labels are set
     * @param propagation how mounts below spread
     */
    public record Mount(
            String containerPath,
            String hostPath,
            boolean readOnly,
            boolean recursiveReadOnly,
            boolean relabel,
            Propagation propagation) {}

    /** How mounts below a mount spread. */
    public enum Propagation {
        /** Not. */
        PRIVATE,
        /** From the node to the container. */
        HOST_TO_CONTAINER,
        /** Both ways. */
        BIDIRECTIONAL
    }

    /**
     * A device.
     *
     * @param containerPath where it is seen
     * @param hostPath which
     * @param permissions of r, w and m
     */
    public record Device(String containerPath, String hostPath, String permissions) {}
}
