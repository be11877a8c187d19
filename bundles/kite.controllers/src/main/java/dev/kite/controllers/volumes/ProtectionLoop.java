package dev.kite.controllers.volumes;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keeps volumes that are bound, and claims that pods use, until they are not. */
public final class ProtectionLoop {
    private static final String BY_CLAIM = "claim";

    private ProtectionLoop() {}

    /** @return the loop of claims */
    public static Loop claims() {
        return new Loop() {
            @Override
            public String name() {
                return "pvc-protection-controller";
            }

            @Override
            public void start(Scope scope) {
                Informer<Pod> pods = scope.informer(Pod.RESOURCE);
                pods.index(BY_CLAIM, ProtectionLoop::claimsOf);
                WorkQueue<ObjectKey> queue = ProtectionLoop.start(
                        scope,
                        PersistentVolumeClaim.RESOURCE,
                        "kubernetes.io/pvc-protection",
                        claim -> pods.byIndex(BY_CLAIM, claim.key()).stream().anyMatch(ProtectionLoop::uses));
                pods.onChange((before, after) -> {
                    if (before != null && (after == null || Pods.isFinished(after))) {
                        claimsOf(before).forEach(key -> queue.add(key(key)));
                    }
                });
            }
        };
    }

    /** @return the loop of volumes */
    public static Loop volumes() {
        return new Loop() {
            @Override
            public String name() {
                return "pv-protection-controller";
            }

            @Override
            public void start(Scope scope) {
                ProtectionLoop.start(
                        scope,
                        PersistentVolume.RESOURCE,
                        "kubernetes.io/pv-protection",
                        volume -> volume.status().phase().equals("Bound"));
            }
        };
    }

    /** A pod that was never started uses nothing once it goes. */
    private static boolean uses(Pod pod) {
        return !Pods.isFinished(pod) && !(pod.spec().nodeName().isEmpty() && Pods.isTerminating(pod));
    }

    private static ObjectKey key(String text) {
        int slash = text.indexOf('/');
        return new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
    }

    private static List<String> claimsOf(Pod pod) {
        List<String> keys = new ArrayList<>();
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasPersistentVolumeClaim()) {
                keys.add(pod.metadata().namespace() + "/"
                        + volume.persistentVolumeClaim().claimName());
            } else if (volume.hasEphemeral()) {
                keys.add(pod.metadata().namespace() + "/" + pod.metadata().name() + "-" + volume.name());
            }
        }
        return keys;
    }

    private static <T extends KubernetesObject> WorkQueue<ObjectKey> start(
            Scope scope, ResourceType<T> type, String finalizer, Predicate<T> used) {
        Informer<T> objects = scope.informer(type);
        WorkQueue<ObjectKey> queue = scope.queue();
        objects.onChange((before, after) -> {
            if (after != null) {
                queue.add(Owners.key(after));
            }
        });
        scope.run(1, queue, key -> {
            T object = objects.get(key.namespace(), key.name());
            if (object == null) {
                return null;
            }
            boolean has = object.metadata().finalizers().contains(finalizer);
            boolean goes = object.metadata().hasDeletionTimestamp();
            if (goes && has && !used.test(object)) {
                change(scope, type, object, finalizer, false);
            } else if (!goes && !has) {
                change(scope, type, object, finalizer, true);
            }
            return null;
        });
        return queue;
    }

    private static <T extends KubernetesObject> void change(
            Scope scope, ResourceType<T> type, T object, String finalizer, boolean add) {
        List<String> finalizers = new ArrayList<>(object.metadata().finalizers());
        if (add) {
            finalizers.add(finalizer);
        } else {
            finalizers.remove(finalizer);
        }
        T changed = KubernetesObject.withMetadata(
                object, meta -> meta.finalizers(finalizers.isEmpty() ? null : finalizers));
        VolumeBinderLoop.attempt(() -> scope.resource(type).update(changed));
    }
}
