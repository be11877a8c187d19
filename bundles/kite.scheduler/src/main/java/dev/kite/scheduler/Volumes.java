package dev.kite.scheduler;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.scheduling.VolumeRules;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Volume;
import dev.kite.model.storage.v1.StorageClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Reads pods' claims, and binds those that wait for a node. Thread-safe. */
final class Volumes implements AutoCloseable {
    /** How long provisioning may take before the pod is scheduled anew, as upstream. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final String WAIT = "WaitForFirstConsumer";
    private static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

    private final KubernetesClient client;
    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<PersistentVolume> volumes;
    private final Informer<StorageClass> classes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    Volumes(KubernetesClient client, Runnable onChange) {
        this.client = client;
        this.claims = client.informers().informer(PersistentVolumeClaim.RESOURCE);
        this.volumes = client.informers().informer(PersistentVolume.RESOURCE);
        this.classes = client.informers().informer(StorageClass.RESOURCE);
        claims.onChange((before, after) -> {
            signal();
            onChange.run();
        });
        volumes.onChange((before, after) -> onChange.run());
        classes.onChange((before, after) -> onChange.run());
    }

    List<Informer<?>> informers() {
        return List.of(claims, volumes, classes);
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Looks up what a pod's claims need.
     *
     * @param pod the pod
     * @return what nodes must offer
     */
    VolumeNeeds needs(Pod pod) {
        List<PersistentVolume> bound = new ArrayList<>();
        Map<PersistentVolumeClaim, StorageClass> waiting = new LinkedHashMap<>();
        for (String name : claimNames(pod)) {
            PersistentVolumeClaim claim = claims.get(pod.metadata().namespace(), name);
            if (claim == null) {
                return VolumeNeeds.impossible("persistentvolumeclaim \"" + name + "\" not found");
            }
            if (claim.metadata().hasDeletionTimestamp()) {
                return VolumeNeeds.impossible("persistentvolumeclaim \"" + name + "\" is being deleted");
            }
            String volumeName = claim.spec().volumeName();
            if (!volumeName.isEmpty()) {
                PersistentVolume volume = volumes.get("", volumeName);
                if (volume == null) {
                    return VolumeNeeds.impossible("persistentvolumeclaim \"" + name
                            + "\" bound to non-existent persistentvolume \"" + volumeName + "\"");
                }
                bound.add(volume);
                continue;
            }
            StorageClass storageClass = classes.get("", VolumeRules.storageClass(claim));
            if (storageClass == null || !storageClass.volumeBindingMode().equals(WAIT)) {
                return VolumeNeeds.impossible("pod has unbound immediate PersistentVolumeClaims");
            }
            waiting.put(claim, storageClass);
        }
        return bound.isEmpty() && waiting.isEmpty()
                ? VolumeNeeds.NONE
                : new VolumeNeeds("", bound, waiting, waiting.isEmpty() ? List.of() : volumes.list());
    }

    private static List<String> claimNames(Pod pod) {
        List<String> names = new ArrayList<>();
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasPersistentVolumeClaim()) {
                names.add(volume.persistentVolumeClaim().claimName());
            } else if (volume.hasEphemeral()) {
                names.add(pod.metadata().name() + "-" + volume.name());
            }
        }
        return names;
    }

    /**
     * Binds claims to the volumes chosen, asks provisioners for the others, and waits until all are bound.
     *
     * @param choice what was chosen
     * @param node the node's name
     * @throws ApiException if an object was changed meanwhile or the server can't be reached
     * @throws InterruptedException if the thread is interrupted
     */
    void bind(VolumeNeeds.Choice choice, String node) throws InterruptedException {
        List<ObjectKey> awaited = new ArrayList<>();
        choice.volumes().forEach((claim, volume) -> {
            if (!volume.spec().hasClaimRef() || volume.spec().claimRef().uid().isEmpty()) {
                client.resource(PersistentVolume.RESOURCE).update(reserved(volume, claim));
            }
            awaited.add(key(claim));
        });
        for (PersistentVolumeClaim claim : choice.provisioned()) {
            if (!node.equals(claim.metadata().annotations().get(VolumeRules.SELECTED_NODE))) {
                Map<String, String> annotations = new HashMap<>(claim.metadata().annotations());
                annotations.put(VolumeRules.SELECTED_NODE, node);
                client.resource(PersistentVolumeClaim.RESOURCE)
                        .update(claim.toBuilder()
                                .metadata(meta -> meta.annotations(annotations))
                                .build());
            }
            awaited.add(key(claim));
        }
        for (ObjectKey key : awaited) {
            await(key, node);
        }
    }

    private static PersistentVolume reserved(PersistentVolume volume, PersistentVolumeClaim claim) {
        Map<String, String> annotations = new HashMap<>(volume.metadata().annotations());
        annotations.put(BOUND_BY_CONTROLLER, "yes");
        return volume.toBuilder()
                .metadata(meta -> meta.annotations(annotations))
                .spec(spec -> spec.claimRef(ref -> ref.apiVersion("v1")
                        .kind("PersistentVolumeClaim")
                        .namespace(claim.metadata().namespace())
                        .name(claim.metadata().name())
                        .uid(claim.metadata().uid())
                        .resourceVersion(claim.metadata().resourceVersion())))
                .build();
    }

    private static ObjectKey key(PersistentVolumeClaim claim) {
        return new ObjectKey(claim.metadata().namespace(), claim.metadata().name());
    }

    private void await(ObjectKey key, String node) throws InterruptedException {
        long left = PATIENCE.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                PersistentVolumeClaim claim = claims.get(key.namespace(), key.name());
                if (claim == null) {
                    throw new ApiException(0, "", "binding volumes: pvc " + key + " was deleted");
                }
                if (!claim.spec().volumeName().isEmpty()
                        && claim.status().phase().equals("Bound")) {
                    return;
                }
                if (left <= 0) {
                    throw new ApiException(
                            0, "", "binding volumes: timed out waiting for pvc " + key + " to be bound on " + node);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        claims.close();
        volumes.close();
        classes.close();
    }
}
