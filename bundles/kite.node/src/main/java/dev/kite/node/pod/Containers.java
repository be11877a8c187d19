package dev.kite.node.pod;

import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.EphemeralContainer;
import dev.kite.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.List;

/** A pod's containers of all three kinds in one form. Pure. */
final class Containers {
    /** The image of a container that is a bundle: {@code kite.dev/program/NAME}, a tag is ignored. */
    private static final String PROGRAM = "kite.dev/program/";

    private Containers() {}

    /** What a container is in its pod. */
    enum Kind {
        INIT,
        SIDECAR,
        APP,
        EPHEMERAL
    }

    /** A container of a pod's spec. */
    record Ref(Kind kind, Container spec) {
        String name() {
            return spec.name();
        }

        /** Where events about it point. */
        String fieldPath() {
            return switch (kind) {
                case INIT, SIDECAR -> "spec.initContainers{" + name() + "}";
                case APP -> "spec.containers{" + name() + "}";
                case EPHEMERAL -> "spec.ephemeralContainers{" + name() + "}";
            };
        }
    }

    static List<Ref> init(Pod pod) {
        return pod.spec().initContainers().stream()
                .map(one -> new Ref(one.restartPolicy().equals("Always") ? Kind.SIDECAR : Kind.INIT, one))
                .toList();
    }

    static List<Ref> app(Pod pod) {
        return pod.spec().containers().stream()
                .map(one -> new Ref(Kind.APP, one))
                .toList();
    }

    static List<Ref> ephemeral(Pod pod) {
        return pod.spec().ephemeralContainers().stream()
                .map(one -> new Ref(Kind.EPHEMERAL, container(one)))
                .toList();
    }

    static List<Ref> all(Pod pod) {
        List<Ref> all = new ArrayList<>(init(pod));
        all.addAll(app(pod));
        all.addAll(ephemeral(pod));
        return all;
    }

    static boolean isProgram(Container container) {
        return container.image().startsWith(PROGRAM);
    }

    static String program(Container container) {
        String name = container.image().substring(PROGRAM.length());
        int end = name.indexOf(':');
        return end < 0 ? name : name.substring(0, end);
    }

    private static Container container(EphemeralContainer from) {
        Container.Builder builder = Container.builder()
                .name(from.name())
                .image(from.image())
                .command(from.command())
                .args(from.args())
                .workingDir(from.workingDir())
                .envFrom(from.envFrom())
                .env(from.env())
                .volumeMounts(from.volumeMounts())
                .terminationMessagePath(from.terminationMessagePath())
                .terminationMessagePolicy(from.terminationMessagePolicy())
                .imagePullPolicy(from.imagePullPolicy())
                .stdin(from.stdin())
                .stdinOnce(from.stdinOnce())
                .tty(from.tty());
        if (from.hasSecurityContext()) {
            builder.securityContext(from.securityContext());
        }
        return builder.build();
    }
}
