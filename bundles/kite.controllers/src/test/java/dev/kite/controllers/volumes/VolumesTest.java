package dev.kite.controllers.volumes;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.DeleteRequest;
import dev.kite.api.scheduling.VolumeRules;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.model.core.v1.Event;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.storage.v1.StorageClass;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VolumesTest {
    private final LoopRig rig = new LoopRig();

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private void volume(String name, String size, String more) {
        rig.put(
                PersistentVolume.RESOURCE,
                "{'apiVersion':'v1','kind':'PersistentVolume','metadata':{'name':'%s'},'spec':{'capacity':{'storage':'%s'},'accessModes':['ReadWriteOnce']%s},'status':{'phase':'Pending'}}"
                        .formatted(name, size, more));
    }

    private void claim(String name, String size, String storageClass) {
        rig.put(
                PersistentVolumeClaim.RESOURCE,
                "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'%s','namespace':'ns'},'spec':{'accessModes':['ReadWriteOnce'],'storageClassName':'%s','resources':{'requests':{'storage':'%s'}}},'status':{'phase':'Pending'}}"
                        .formatted(name, storageClass, size));
    }

    private PersistentVolumeClaim claim(String name) {
        return rig.admin().resource(PersistentVolumeClaim.RESOURCE).get("ns", name);
    }

    private PersistentVolume volume(String name) {
        return rig.admin().resource(PersistentVolume.RESOURCE).get("", name);
    }

    @Test
    @Behaviour("Controllers: PV binding")
    void volumeThatSufficesIsBound() {
        volume("fitting", "2Gi", "");
        volume("small", "1Gi", "");
        rig.run(new VolumeBinderLoop());
        claim("c", "1500Mi", "");
        eventually("bound", () -> claim("c").status().phase().equals("Bound"));
        assertThat(claim("c").spec().volumeName()).isEqualTo("fitting");
        assertThat(claim("c").metadata().annotations())
                .containsEntry("pv.kubernetes.io/bind-completed", "yes")
                .containsEntry("pv.kubernetes.io/bound-by-controller", "yes");
        assertThat(claim("c").status().capacity().get("storage")).hasToString("2Gi");
        assertThat(volume("fitting").status().phase()).isEqualTo("Bound");
        assertThat(volume("fitting").spec().claimRef().uid())
                .isEqualTo(claim("c").metadata().uid());
        volume("large", "10Gi", "");
        claim("d", "1500Mi", "");
        eventually("other", () -> claim("d").spec().volumeName().equals("large"));
    }

    @Test
    void smallestVolumeThatSufficesIsBest() {
        String free =
                "{'metadata':{'name':'%s'},'spec':{'capacity':{'storage':'%s'},'accessModes':['ReadWriteOnce','ReadOnlyMany']},'status':{'phase':'Available'}}";
        List<PersistentVolume> volumes = List.of(
                LoopRig.json(PersistentVolume.TYPE, free.formatted("large", "10Gi")),
                LoopRig.json(PersistentVolume.TYPE, free.formatted("fitting", "2Gi")),
                LoopRig.json(PersistentVolume.TYPE, free.formatted("small", "1Gi")));
        PersistentVolumeClaim claim = LoopRig.json(
                PersistentVolumeClaim.TYPE,
                "{'metadata':{'name':'c','namespace':'ns'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1500Mi'}}}}");
        assertThat(VolumeRules.best(claim, volumes, null).metadata().name()).isEqualTo("fitting");
        PersistentVolumeClaim writers = claim.toBuilder()
                .spec(s -> s.accessModes(List.of("ReadWriteMany")))
                .build();
        assertThat(VolumeRules.best(writers, volumes, null)).isNull();
        PersistentVolume reserved = volumes.getFirst().toBuilder()
                .spec(s -> s.claimRef(r -> r.namespace("ns").name("c")))
                .build();
        assertThat(VolumeRules.best(claim, List.of(reserved, volumes.get(1)), null)
                        .metadata()
                        .name())
                .isEqualTo("large");
    }

    @Test
    void releasedVolumeIsNotGivenAgain() {
        volume("v", "1Gi", "");
        rig.run(new VolumeBinderLoop());
        claim("c", "1Gi", "");
        eventually("bound", () -> claim("c").status().phase().equals("Bound"));
        rig.admin().resource(PersistentVolumeClaim.RESOURCE).delete("ns", "c", DeleteRequest.NOW);
        eventually("released", () -> volume("v").status().phase().equals("Released"));
        claim("c", "1Gi", "");
        eventually("told", () -> !rig.events("FailedBinding").isEmpty());
        assertThat(claim("c").spec().volumeName()).isEmpty();
    }

    @Test
    @Behaviour("Controllers: PV binding")
    void claimThatWaitsForItsPodIsLeftAloneThenProvisioned() {
        rig.put(
                StorageClass.RESOURCE,
                "{'apiVersion':'storage.k8s.io/v1','kind':'StorageClass','metadata':{'name':'local-path'},'provisioner':'rancher.io/local-path','volumeBindingMode':'WaitForFirstConsumer'}");
        rig.run(new VolumeBinderLoop());
        claim("c", "1Gi", "local-path");
        eventually(
                "told",
                () -> rig.events("WaitForFirstConsumer")
                        .contains("waiting for first consumer to be created before binding"));
        PersistentVolumeClaim waiting = claim("c");
        rig.admin()
                .resource(PersistentVolumeClaim.RESOURCE)
                .update(waiting.toBuilder()
                        .metadata(m -> m.putAnnotations("volume.kubernetes.io/selected-node", "n1"))
                        .build());
        eventually(
                "asked",
                () -> "rancher.io/local-path"
                        .equals(claim("c").metadata().annotations().get("volume.kubernetes.io/storage-provisioner")));
        volume(
                "pv",
                "1Gi",
                ",'storageClassName':'local-path','claimRef':{'namespace':'ns','name':'c','uid':'"
                        + waiting.metadata().uid() + "'}");
        eventually(
                "bound",
                () -> claim("c").status().phase().equals("Bound")
                        && volume("pv").status().phase().equals("Bound"));
    }

    @Test
    void lostVolumeIsSaid() {
        volume("v", "1Gi", "");
        rig.run(new VolumeBinderLoop());
        claim("c", "1Gi", "");
        eventually("bound", () -> claim("c").status().phase().equals("Bound"));
        rig.admin().resource(PersistentVolume.RESOURCE).delete("", "v", DeleteRequest.NOW);
        eventually("lost", () -> claim("c").status().phase().equals("Lost"));
        eventually("event", () -> !rig.events("ClaimLost").isEmpty());
    }

    @Test
    void claimStaysWhileAPodUsesIt() {
        claim("c", "1Gi", "");
        rig.put(
                Pod.RESOURCE,
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'ns'},'spec':{'nodeName':'n','volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'c'}}]},'status':{'phase':'Running'}}");
        rig.run(ProtectionLoop.claims(), ProtectionLoop.volumes());
        eventually("protected", () -> claim("c").metadata().finalizers().contains("kubernetes.io/pvc-protection"));
        rig.admin().resource(PersistentVolumeClaim.RESOURCE).delete("ns", "c", DeleteRequest.DEFAULT);
        eventually("going", () -> claim("c").metadata().hasDeletionTimestamp());
        rig.admin().resource(Pod.RESOURCE).delete("ns", "p", DeleteRequest.NOW);
        eventually(
                "gone",
                () -> rig.admin()
                        .resource(PersistentVolumeClaim.RESOURCE)
                        .find("ns", "c")
                        .isEmpty());
    }

    private void provisionedClass() {
        rig.put(
                StorageClass.RESOURCE,
                "{'apiVersion':'storage.k8s.io/v1','kind':'StorageClass','metadata':{'name':'fast'},'provisioner':'example.com/disk','volumeBindingMode':'Immediate'}");
    }

    @Test
    void withoutProvisioningNobodyIsAskedForAVolume() {
        provisionedClass();
        rig.with("enable-dynamic-provisioning=false").run(new VolumeBinderLoop());
        claim("none", "1Gi", "");
        claim("c", "1Gi", "fast");
        eventually(
                "the other claim was looked at",
                () -> !rig.events("FailedBinding").isEmpty());
        volume("v", "1Gi", ",'storageClassName':'fast'");
        eventually("bound by hand", () -> claim("c").status().phase().equals("Bound"));
        assertThat(rig.events("ExternalProvisioning")).isEmpty();
        assertThat(claim("c").metadata().annotations()).doesNotContainKey(Bindings.PROVISIONER);
    }

    @Test
    void claimsThatWaitAreLookedAtAgainAsOftenAsAskedFor() {
        rig.with("pvclaimbinder-sync-period=200ms").run(new VolumeBinderLoop());
        claim("none", "1Gi", "");
        eventually(
                "told several times",
                () -> rig.all(Event.RESOURCE).stream()
                        .anyMatch(event -> event.reason().equals("FailedBinding") && event.count() > 2));
    }
}
