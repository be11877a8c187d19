package dev.kite.controllers.volumes;

import dev.kite.api.client.Informer;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.ObjectReference;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps a volume's phase by its claim. Deleting what a released volume held is its provisioner's to do. One thread. */
final class VolumeKeeper {
    private final Scope scope;
    private final Informer<PersistentVolumeClaim> claims;

    VolumeKeeper(Scope scope, Informer<PersistentVolumeClaim> claims) {
        this.scope = scope;
        this.claims = claims;
    }

    @Nullable
    Duration reconcile(PersistentVolume volume) {
        ObjectReference reference = volume.spec().claimRef();
        if (!volume.spec().hasClaimRef()) {
            phase(volume, "Available");
            return null;
        }
        if (reference.uid().isEmpty()) {
            // Reserved by its owner for a claim that may not have come yet.
            phase(volume, "Available");
            return null;
        }
        PersistentVolumeClaim claim = claims.get(reference.namespace(), reference.name());
        if (claim == null || !claim.metadata().uid().equals(reference.uid())) {
            // The informer may be behind: a volume is released on the server's word only.
            claim = scope.resource(PersistentVolumeClaim.RESOURCE)
                    .find(reference.namespace(), reference.name())
                    .orElse(null);
        }
        if (claim == null || !claim.metadata().uid().equals(reference.uid())) {
            if (!volume.status().phase().equals("Failed")) {
                phase(volume, "Released");
            }
        } else if (claim.spec().volumeName().equals(volume.metadata().name())) {
            phase(volume, "Bound");
        } else if (!claim.spec().volumeName().isEmpty()) {
            giveUp(volume);
        }
        return null;
    }

    /** The claim took another volume: one that this controller reserved is free again. */
    private void giveUp(PersistentVolume volume) {
        if (!volume.metadata().annotations().containsKey(Bindings.BOUND_BY_CONTROLLER)) {
            PersistentVolume free = volume.toBuilder()
                    .spec(spec -> spec.claimRef(ref -> ref.uid(null).resourceVersion(null)))
                    .build();
            VolumeBinderLoop.attempt(
                    () -> scope.resource(PersistentVolume.RESOURCE).update(free));
            return;
        }
        Map<String, String> annotations = new HashMap<>(volume.metadata().annotations());
        annotations.remove(Bindings.BOUND_BY_CONTROLLER);
        PersistentVolume free = volume.toBuilder()
                .metadata(meta -> meta.annotations(annotations.isEmpty() ? null : annotations))
                .spec(spec -> spec.claimRef((ObjectReference) null))
                .build();
        VolumeBinderLoop.attempt(() -> scope.resource(PersistentVolume.RESOURCE).update(free));
    }

    private void phase(PersistentVolume volume, String phase) {
        if (volume.status().phase().equals(phase)) {
            return;
        }
        Instant now = scope.now().truncatedTo(ChronoUnit.SECONDS);
        PersistentVolume changed = volume.toBuilder()
                .status(status -> status.phase(phase).lastPhaseTransitionTime(now))
                .build();
        VolumeBinderLoop.attempt(() -> scope.resource(PersistentVolume.RESOURCE).updateStatus(changed));
    }
}
