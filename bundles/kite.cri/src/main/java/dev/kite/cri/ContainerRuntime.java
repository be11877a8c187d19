package dev.kite.cri;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The runtime that runs containers (CRI, runtime.v1). A service that is there once the runtime answers; while it restarts, calls throw
 * {@link CriException.Code#UNAVAILABLE}. Thread-safe; calls block and throw {@link CriException}; interrupting the caller ends its call.
 */
public interface ContainerRuntime {
    /** @return which runtime it is and how it is */
    RuntimeInfo info();

    /**
     * Tells the runtime the node's pod network, for runtimes that write their CNI configuration.
     *
     * @param cidr the node's pod network
     */
    void podCidr(String cidr);

    /**
     * Makes and starts a sandbox with its network.
     *
     * @param spec the sandbox
     * @param handler the runtime handler, empty for the default
     * @return the sandbox's id
     */
    String runSandbox(SandboxSpec spec, String handler);

    /**
     * Stops a sandbox and all in it, gives back its network. Idempotent.
     *
     * @param id the sandbox's id
     */
    void stopSandbox(String id);

    /**
     * Removes a sandbox and all in it. Idempotent.
     *
     * @param id the sandbox's id
     */
    void removeSandbox(String id);

    /**
     * Looks at a sandbox.
     *
     * @param id the sandbox's id
     * @return how it is, or empty where there is none
     */
    Optional<Sandbox> sandbox(String id);

    /**
     * Finds a sandbox's network namespace.
     *
     * @param id the sandbox's id
     * @return its file, or empty for the node's network and where the runtime doesn't tell
     */
    Optional<Path> networkNamespace(String id);

    /**
     * Lists sandboxes.
     *
     * @param labels all of these must match; empty for all sandboxes
     * @return them in no order
     */
    List<Sandbox> sandboxes(Map<String, String> labels);

    /**
     * Makes a container, which is not started.
     *
     * @param sandbox the sandbox's id
     * @param spec the container
     * @param sandboxSpec the sandbox as it was made
     * @return the container's id
     */
    String createContainer(String sandbox, ContainerSpec spec, SandboxSpec sandboxSpec);

    /**
     * Starts a container.
     *
     * @param id the container's id
     */
    void startContainer(String id);

    /**
     * Stops a container: its stop signal, then after the grace SIGKILL. Idempotent.
     *
     * @param id the container's id
     * @param grace how long; zero kills at once
     */
    void stopContainer(String id, Duration grace);

    /**
     * Removes a container, running or not. Idempotent.
     *
     * @param id the container's id
     */
    void removeContainer(String id);

    /**
     * Lists containers.
     *
     * @param labels all of these must match; empty for all containers
     * @return them in no order
     */
    List<Container> containers(Map<String, String> labels);

    /**
     * Looks at a container.
     *
     * @param id the container's id
     * @return how it is, or empty where there is none
     */
    Optional<ContainerStatus> container(String id);

    /**
     * Changes a container's limits.
     *
     * @param id the container's id
     * @param resources the limits
     */
    void updateResources(String id, Resources resources);

    /**
     * Makes a container's log go to its path anew, after the file there was moved away.
     *
     * @param id the container's id
     */
    void reopenLog(String id);

    /**
     * Runs a command in a container.
     *
     * @param id the container's id
     * @param command the command
     * @param timeout after which it is killed ({@link CriException.Code#DEADLINE_EXCEEDED}); zero for no limit
     * @return its output and exit code
     */
    ExecResult execSync(String id, List<String> command, Duration timeout);

    /**
     * Prepares an exec.
     *
     * @param id the container's id
     * @param command the command
     * @param streams which streams
     * @return where the streams are served, once
     */
    URI exec(String id, List<String> command, Streams streams);

    /**
     * Prepares an attach.
     *
     * @param id the container's id
     * @param streams which streams
     * @return where the streams are served, once
     */
    URI attach(String id, Streams streams);

    /**
     * Prepares a port forward.
     *
     * @param sandbox the sandbox's id
     * @param ports the ports
     * @return where the streams are served, once
     */
    URI portForward(String sandbox, List<Integer> ports);

    /**
     * Measures containers.
     *
     * @param labels all of these must match; empty for all containers
     * @return what they use
     */
    List<ContainerStats> stats(Map<String, String> labels);

    /** @return the images on this node */
    List<ContainerImage> images();

    /**
     * Looks for an image.
     *
     * @param reference a name with tag or digest, or an id
     * @return the image, or empty where it isn't on this node
     */
    Optional<ContainerImage> image(String reference);

    /**
     * Pulls an image.
     *
     * @param reference a name with tag or digest
     * @param auth how to sign in, null for the runtime's configuration
     * @param sandbox for whom, null for nobody
     * @return the image's id
     */
    String pull(String reference, @Nullable RegistryAuth auth, @Nullable SandboxSpec sandbox);

    /**
     * Removes an image with all its names. Idempotent.
     *
     * @param reference a name or an id
     */
    void removeImage(String reference);

    /** @return what images take */
    List<ImageFileSystem> imageFileSystems();

    /**
     * Tells of each change of a container's or sandbox's life, until the runtime goes away or the caller is interrupted. The change may be told a moment before
     * {@link #container} shows it.
     *
     * @param changed is given the id of the container or sandbox
     * @throws CriException with {@link CriException.Code#UNIMPLEMENTED} if the runtime tells of nothing: list instead
     */
    void events(Consumer<String> changed);
}
