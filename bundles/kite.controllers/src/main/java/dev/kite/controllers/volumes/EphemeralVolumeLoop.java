package dev.kite.controllers.volumes;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Volume;

/** Makes the claims of pods' generic ephemeral volumes; they go with their pods. */
public final class EphemeralVolumeLoop implements Loop {
    /** Makes the loop. */
    public EphemeralVolumeLoop() {}

    @Override
    public String name() {
        return "ephemeral-volume-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<Pod> pods = scope.informer(Pod.RESOURCE);
        Informer<PersistentVolumeClaim> claims = scope.informer(PersistentVolumeClaim.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        pods.onChange((before, after) -> {
            if (after != null
                    && before == null
                    && after.spec().volumes().stream().anyMatch(Volume::hasEphemeral)) {
                queue.add(Owners.key(after));
            }
        });
        scope.run(scope.workers("concurrent-ephemeralvolume-syncs", 5), queue, key -> {
            Pod pod = pods.get(key.namespace(), key.name());
            if (pod != null && Pods.isActive(pod)) {
                for (Volume volume : pod.spec().volumes()) {
                    if (volume.hasEphemeral()) {
                        provide(scope, claims, pod, volume);
                    }
                }
            }
            return null;
        });
    }

    private static void provide(Scope scope, Informer<PersistentVolumeClaim> claims, Pod pod, Volume volume) {
        String name = pod.metadata().name() + "-" + volume.name();
        PersistentVolumeClaim known = claims.get(pod.metadata().namespace(), name);
        if (known != null) {
            if (!Owners.controls(pod, known)) {
                String problem = "PVC " + known.key() + " was not created for pod " + pod.key() + " (pod is not owner)";
                scope.events().warning(pod, "EphemeralVolumeConflict", problem);
                throw new IllegalStateException(problem);
            }
            return;
        }
        var template = volume.ephemeral().volumeClaimTemplate();
        try {
            scope.resource(PersistentVolumeClaim.RESOURCE)
                    .create(PersistentVolumeClaim.builder()
                            .metadata(meta -> meta.name(name)
                                    .namespace(pod.metadata().namespace())
                                    .labels(template.metadata().labels())
                                    .annotations(template.metadata().annotations())
                                    .addOwnerReferences(Owners.reference(pod)))
                            .spec(template.spec())
                            .build());
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                scope.events()
                        .warning(
                                pod,
                                "EphemeralVolumeCreateFailed",
                                "ephemeral volume controller: create PVC " + name + ": " + e.getMessage());
                throw e;
            }
        }
    }
}
