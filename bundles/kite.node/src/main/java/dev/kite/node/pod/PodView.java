package dev.kite.node.pod;

import dev.kite.cri.Container;
import dev.kite.cri.ContainerStatus;
import dev.kite.cri.Sandbox;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is of a pod in the runtime.
 *
 * @param sandboxes its sandboxes, the newest first
 * @param instances its containers' instances, the newest first
 */
record PodView(List<Sandbox> sandboxes, List<Instance> instances) {
    static final PodView NOTHING = new PodView(List.of(), List.of());

    PodView {
        sandboxes = sandboxes.stream()
                .sorted(Comparator.comparingInt((Sandbox one) -> one.pod().attempt())
                        .thenComparing(Sandbox::createdAt)
                        .reversed())
                .toList();
        instances = instances.stream()
                .sorted(Comparator.comparingInt((Instance one) -> one.status().attempt())
                        .thenComparing(one -> one.status().createdAt())
                        .reversed())
                .toList();
    }

    /** A container's instance. */
    record Instance(String sandbox, ContainerStatus status) {
        String id() {
            return status.id();
        }

        String name() {
            return status.name();
        }

        boolean running() {
            return status.state() == Container.State.RUNNING;
        }

        boolean exited() {
            return status.state() == Container.State.EXITED;
        }
    }

    /** The sandbox in which containers can be started: the newest, if it is ready. */
    @Nullable
    Sandbox ready() {
        return sandboxes.isEmpty() || !sandboxes.getFirst().ready() ? null : sandboxes.getFirst();
    }

    /** The newest instance of a container, in whatever sandbox. */
    @Nullable
    Instance newest(String container) {
        return instances.stream()
                .filter(one -> one.name().equals(container))
                .findFirst()
                .orElse(null);
    }

    /** The newest instance of a container in a sandbox. */
    @Nullable
    Instance newest(String container, String sandbox) {
        Instance newest = newest(container);
        return newest != null && newest.sandbox().equals(sandbox) ? newest : null;
    }

    /** The newest ended instance of a container but one. */
    @Nullable
    Instance former(String container, @Nullable String butFor) {
        return instances.stream()
                .filter(one -> one.name().equals(container)
                        && one.exited()
                        && !one.id().equals(butFor))
                .findFirst()
                .orElse(null);
    }

    List<Instance> running() {
        return instances.stream().filter(Instance::running).toList();
    }
}
