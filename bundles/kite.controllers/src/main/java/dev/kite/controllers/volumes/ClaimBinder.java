package dev.kite.controllers.volumes;

import dev.kite.api.client.Informer;
import dev.kite.api.scheduling.VolumeRules;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Volume;
import dev.kite.model.storage.v1.StorageClass;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds or awaits a claim's volume. One thread. */
final class ClaimBinder {
    /** How long until a claim that waits is told so again, as upstream's resync. */
    private static final Duration REMIND = Duration.ofSeconds(15);

    private static final String WAIT = "WaitForFirstConsumer";
    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

    private final Scope scope;
    private final boolean provisions;
    private final Duration again;
    private final Informer<PersistentVolume> volumes;
    private final Informer<StorageClass> classes;
    private final Informer<Pod> pods;

    ClaimBinder(Scope scope, Informer<PersistentVolume> volumes, Informer<StorageClass> classes, Informer<Pod> pods) {
        this.scope = scope;
        this.provisions = scope.arguments().flag("enable-dynamic-provisioning", true);
        this.again = scope.arguments().duration("pvclaimbinder-sync-period", REMIND);
        this.volumes = volumes;
        this.classes = classes;
        this.pods = pods;
    }

    @Nullable
    Duration reconcile(PersistentVolumeClaim claim) {
        if (Bindings.isComplete(claim)) {
            checkBound(claim);
            return null;
        }
        if (claim.metadata().hasDeletionTimestamp()) {
            return null;
        }
        return claim.spec().volumeName().isEmpty() ? find(claim) : bindNamed(claim);
    }

    private void checkBound(PersistentVolumeClaim claim) {
        String name = claim.spec().volumeName();
        if (name.isEmpty()) {
            lose(claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
            return;
        }
        PersistentVolume volume = volumes.get("", name);
        if (volume == null) {
            lose(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
        } else if (!volume.spec().hasClaimRef()
                || volume.spec().claimRef().uid().equals(claim.metadata().uid())) {
            bind(claim, volume);
        } else {
            lose(claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
        }
    }

    private void lose(PersistentVolumeClaim claim, String reason, String message) {
        if (claim.status().phase().equals("Lost")) {
            return;
        }
        scope.resource(PersistentVolumeClaim.RESOURCE)
                .updateStatus(
                        claim.toBuilder().status(status -> status.phase("Lost")).build());
        scope.events().warning(claim, reason, message);
    }

    private @Nullable Duration bindNamed(PersistentVolumeClaim claim) {
        PersistentVolume volume = volumes.get("", claim.spec().volumeName());
        if (volume == null) {
            pending(claim);
            return null;
        }
        if (volume.spec().hasClaimRef() && !VolumeRules.refersTo(volume, claim)) {
            pending(claim);
            scope.events()
                    .warning(
                            claim,
                            "FailedBinding",
                            "volume \"" + claim.spec().volumeName() + "\" already bound to a different claim.");
            return null;
        }
        bind(claim, volume);
        return null;
    }

    private @Nullable Duration find(PersistentVolumeClaim claim) {
        String className = VolumeRules.storageClass(claim);
        StorageClass storageClass = className.isEmpty() ? null : classes.get("", className);
        boolean waits = storageClass != null
                && storageClass.volumeBindingMode().equals(WAIT)
                && !claim.metadata().annotations().containsKey(VolumeRules.SELECTED_NODE);
        Collection<PersistentVolume> candidates = waits
                ? volumes.list().stream()
                        .filter(volume -> VolumeRules.refersTo(volume, claim))
                        .toList()
                : volumes.list();
        PersistentVolume best = VolumeRules.best(claim, candidates, null);
        if (best != null) {
            bind(claim, best);
            return null;
        }
        pending(claim);
        if (waits) {
            remindOfConsumer(claim);
        } else if (provisions
                && storageClass != null
                && !storageClass.provisioner().equals(NO_PROVISIONER)) {
            askProvisioner(claim, storageClass.provisioner());
        } else if (className.isEmpty()) {
            scope.events()
                    .normal(
                            claim,
                            "FailedBinding",
                            "no persistent volumes available for this claim and no storage class is set");
        } else if (provisions && storageClass == null) {
            scope.events()
                    .warning(
                            claim, "ProvisioningFailed", "storageclass.storage.k8s.io \"" + className + "\" not found");
        }
        return again;
    }

    private void remindOfConsumer(PersistentVolumeClaim claim) {
        List<String> consumers = pods.list(claim.metadata().namespace()).stream()
                .filter(pod ->
                        !Pods.isFinished(pod) && uses(pod, claim.metadata().name()))
                .map(pod -> pod.metadata().name())
                .sorted()
                .toList();
        if (consumers.isEmpty()) {
            scope.events()
                    .normal(claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
        } else {
            scope.events()
                    .normal(
                            claim,
                            "WaitForPodScheduled",
                            "waiting for pod " + String.join(",", consumers) + " to be scheduled");
        }
    }

    private static boolean uses(Pod pod, String claim) {
        for (Volume volume : pod.spec().volumes()) {
            if (volume.persistentVolumeClaim().claimName().equals(claim)) {
                return true;
            }
        }
        return false;
    }

    private void askProvisioner(PersistentVolumeClaim claim, String provisioner) {
        if (!provisioner.equals(claim.metadata().annotations().get(Bindings.PROVISIONER))) {
            Map<String, String> annotations = new HashMap<>(claim.metadata().annotations());
            annotations.put(Bindings.PROVISIONER, provisioner);
            annotations.put(Bindings.OLD_PROVISIONER, provisioner);
            scope.resource(PersistentVolumeClaim.RESOURCE)
                    .update(claim.toBuilder()
                            .metadata(meta -> meta.annotations(annotations))
                            .build());
        }
        scope.events()
                .normal(
                        claim,
                        "ExternalProvisioning",
                        "Waiting for a volume to be created either by the external provisioner '" + provisioner
                                + "' or manually by the system administrator. If volume creation is delayed, please"
                                + " verify that the provisioner is running and correctly registered.");
    }

    private void pending(PersistentVolumeClaim claim) {
        if (!claim.status().phase().equals("Pending")) {
            scope.resource(PersistentVolumeClaim.RESOURCE)
                    .updateStatus(claim.toBuilder()
                            .status(status -> status.phase("Pending"))
                            .build());
        }
    }

    /** Four writes in upstream's order, each only where it changes something: the volume says the claim first, so that it is never given twice. */
    private void bind(PersistentVolumeClaim claim, PersistentVolume volume) {
        var volumeClient = scope.resource(PersistentVolume.RESOURCE);
        var claimClient = scope.resource(PersistentVolumeClaim.RESOURCE);
        PersistentVolume referring = Bindings.refer(volume, claim);
        if (!referring.equals(volume)) {
            referring = volumeClient.update(referring);
        }
        if (!referring.status().phase().equals("Bound")) {
            volumeClient.updateStatus(referring.toBuilder()
                    .status(status -> status.phase("Bound"))
                    .build());
        }
        PersistentVolumeClaim named = Bindings.name(claim, volume);
        if (!named.equals(claim)) {
            named = claimClient.update(named);
        }
        PersistentVolumeClaim bound = Bindings.bound(named, volume);
        if (!bound.equals(named)) {
            claimClient.updateStatus(bound);
        }
    }
}
