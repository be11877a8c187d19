package dev.kite.controllers.volumes;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.ObjectReference;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.storage.v1.StorageClass;
import org.jspecify.annotations.Nullable;

/** Binds claims and volumes, and says what becomes of volumes whose claims are gone. One worker: a volume must not be given twice. */
public final class VolumeBinderLoop implements Loop {
    /** A claim or a volume. */
    private record Key(boolean volume, ObjectKey name) {}

    /** Makes the loop. */
    public VolumeBinderLoop() {}

    @Override
    public String name() {
        return "persistent-volume-binder";
    }

    @Override
    public void start(Scope scope) {
        Informer<PersistentVolume> volumes = scope.informer(PersistentVolume.RESOURCE);
        Informer<PersistentVolumeClaim> claims = scope.informer(PersistentVolumeClaim.RESOURCE);
        Informer<StorageClass> classes = scope.informer(StorageClass.RESOURCE);
        Informer<Pod> pods = scope.informer(Pod.RESOURCE);
        WorkQueue<Key> queue = scope.queue("objects");
        volumes.onChange((before, after) -> volumeChanged(queue, claims, before, after));
        claims.onChange((before, after) -> {
            PersistentVolumeClaim claim = after == null ? before : after;
            if (claim != null) {
                queue.add(new Key(false, Owners.key(claim)));
                if (!claim.spec().volumeName().isEmpty()) {
                    queue.add(new Key(true, new ObjectKey("", claim.spec().volumeName())));
                }
                if (after == null) {
                    wakeVolumesOf(queue, volumes, claim);
                }
            }
        });
        classes.onChange((before, after) -> wakePending(queue, claims));
        ClaimBinder claimBinder = new ClaimBinder(scope, volumes, classes, pods);
        VolumeKeeper keeper = new VolumeKeeper(scope, claims);
        scope.run(1, queue, key -> {
            if (key.volume()) {
                PersistentVolume volume = volumes.get("", key.name().name());
                return volume == null ? null : keeper.reconcile(volume);
            }
            PersistentVolumeClaim claim =
                    claims.get(key.name().namespace(), key.name().name());
            return claim == null ? null : claimBinder.reconcile(claim);
        });
    }

    private static void volumeChanged(
            WorkQueue<Key> queue,
            Informer<PersistentVolumeClaim> claims,
            @Nullable PersistentVolume before,
            @Nullable PersistentVolume after) {
        PersistentVolume volume = after == null ? before : after;
        if (volume == null) {
            return;
        }
        queue.add(new Key(true, Owners.key(volume)));
        ObjectReference reference = volume.spec().claimRef();
        if (volume.spec().hasClaimRef()) {
            queue.add(new Key(false, new ObjectKey(reference.namespace(), reference.name())));
        } else {
            wakePending(queue, claims);
        }
    }

    private static void wakePending(WorkQueue<Key> queue, Informer<PersistentVolumeClaim> claims) {
        for (PersistentVolumeClaim claim : claims.list()) {
            if (!Bindings.isComplete(claim)) {
                queue.add(new Key(false, Owners.key(claim)));
            }
        }
    }

    private static void wakeVolumesOf(
            WorkQueue<Key> queue, Informer<PersistentVolume> volumes, PersistentVolumeClaim claim) {
        for (PersistentVolume volume : volumes.list()) {
            if (volume.spec().claimRef().uid().equals(claim.metadata().uid())) {
                queue.add(new Key(true, Owners.key(volume)));
            }
        }
    }

    /**
     * Does something that another may have done, or made needless, meanwhile; the change that did so brings the next attempt.
     *
     * @param action what
     */
    static void attempt(Runnable action) {
        try {
            action.run();
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }
}
