package dev.kite.node.pod;

import dev.kite.api.client.EventRecorder;
import dev.kite.model.core.v1.Probe;
import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;
import dev.kite.node.pod.ProbeResults.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The probes of one pod's running containers. Confined to the pod's worker; results are for all. */
final class Probes implements AutoCloseable {
    private static final int LONGEST_EVENT = 1024;

    private final Checks checks;
    private final ProbeResults results = new ProbeResults();
    private final Map<String, Prober> probers = new HashMap<>();
    private final Host host;

    /** What probes need of the worker. */
    interface Host {
        void event(Ref container, EventRecorder.Type type, String reason, String message);

        void wake();

        String address();
    }

    Probes(Checks checks, Host host) {
        this.checks = checks;
        this.host = host;
    }

    ProbeResults results() {
        return results;
    }

    /** Starts probes of containers that run and have none yet, ends those of containers that run no more. */
    void sync(Iterable<Ref> containers, PodView view, boolean ending) {
        Set<String> wanted = new HashSet<>();
        for (Ref container : containers) {
            Instance instance = view.newest(container.name());
            if (instance == null || !instance.running()) {
                continue;
            }
            if (container.spec().hasStartupProbe() && !ending) {
                want(wanted, container, instance, Kind.STARTUP, container.spec().startupProbe());
            }
            if (container.spec().hasLivenessProbe() && !ending) {
                want(
                        wanted,
                        container,
                        instance,
                        Kind.LIVENESS,
                        container.spec().livenessProbe());
            }
            if (container.spec().hasReadinessProbe()) {
                want(
                        wanted,
                        container,
                        instance,
                        Kind.READINESS,
                        container.spec().readinessProbe());
            }
        }
        probers.entrySet().removeIf(entry -> {
            if (wanted.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().close();
            return true;
        });
        view.instances().stream().filter(one -> !one.running()).forEach(one -> results.remove(one.id()));
    }

    private void want(Set<String> wanted, Ref container, Instance instance, Kind kind, Probe probe) {
        String key = kind + instance.id();
        wanted.add(key);
        if (probers.containsKey(key)) {
            return;
        }
        Instant started = instance.status().startedAt();
        Prober prober = new Prober(
                instance.id(),
                kind,
                probe,
                started == null ? instance.status().createdAt() : started,
                results,
                new Prober.Listener() {
                    @Override
                    public void failed(Kind failed, String message) {
                        String word = failed.name().charAt(0)
                                + failed.name().substring(1).toLowerCase(Locale.ROOT);
                        String cut = message.length() > LONGEST_EVENT ? message.substring(0, LONGEST_EVENT) : message;
                        host.event(container, EventRecorder.Type.WARNING, "Unhealthy", word + " probe failed: " + cut);
                    }

                    @Override
                    public void changed() {
                        host.wake();
                    }
                },
                () -> checks.probe(probe, container.spec(), instance.id(), host.address()),
                () -> kind != Kind.STARTUP
                        && container.spec().hasStartupProbe()
                        && results.get(instance.id(), Kind.STARTUP) != ProbeResults.Result.SUCCESS);
        probers.put(key, prober);
        prober.start();
    }

    @Override
    public void close() {
        probers.values().forEach(Prober::close);
        probers.clear();
    }
}
