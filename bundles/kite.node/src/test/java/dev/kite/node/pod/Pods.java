package dev.kite.node.pod;

import dev.kite.cri.Container;
import dev.kite.cri.ContainerStatus;
import dev.kite.cri.PodIdentity;
import dev.kite.cri.Sandbox;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodSpec;
import dev.kite.node.pod.PodView.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pods, sandboxes and instances for tests. */
final class Pods {
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private Pods() {}

    static Pod pod(Consumer<PodSpec.Builder> spec) {
        return Pod.builder()
                .metadata(meta -> meta.name("p").namespace("ns").uid("u1").generation(1L))
                .spec(builder -> {
                    builder.restartPolicy("Always").terminationGracePeriodSeconds(30L);
                    spec.accept(builder);
                })
                .build();
    }

    static Pod simple(String policy, String... containers) {
        return pod(spec -> {
            spec.restartPolicy(policy);
            for (String name : containers) {
                spec.addContainers(one -> one.name(name).image("i:1"));
            }
        });
    }

    static Sandbox sandbox(String id, int attempt, boolean ready) {
        return new Sandbox(
                id,
                new PodIdentity("p", "ns", "u1", attempt),
                ready,
                T0,
                ready ? List.of("10.42.0.5") : List.of(),
                false,
                Map.of(),
                Map.of());
    }

    static Instance running(String name, String sandbox, int attempt) {
        return instance(name, sandbox, attempt, Container.State.RUNNING, 0, null);
    }

    static Instance exited(String name, String sandbox, int attempt, int code, Instant finished) {
        return instance(name, sandbox, attempt, Container.State.EXITED, code, finished);
    }

    static Instance created(String name, String sandbox, int attempt) {
        return instance(name, sandbox, attempt, Container.State.CREATED, 0, null);
    }

    private static Instance instance(
            String name, String sandbox, int attempt, Container.State state, int code, @Nullable Instant finished) {
        return new Instance(
                sandbox,
                new ContainerStatus(
                        name + attempt,
                        name,
                        attempt,
                        state,
                        T0.plusSeconds(attempt),
                        state == Container.State.CREATED ? null : T0.plusSeconds(attempt),
                        finished,
                        code,
                        finished == null ? "" : code == 0 ? "Completed" : "Error",
                        "",
                        "i:1",
                        "sha256:1",
                        Map.of(),
                        Map.of(),
                        List.of(),
                        "",
                        null));
    }
}
